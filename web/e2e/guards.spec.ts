import { expect, type Locator, type Page } from '@playwright/test'
import {
  changeTicket,
  colleague,
  editor,
  expectClean,
  makeTicket,
  openTicket,
  sentTo,
  signIn,
  takeBackFor,
} from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }
const outbox = (page: Page) => page.getByRole('list', { name: 'Outgoing messages' })
const notice = (page: Page) => page.locator('[data-sonner-toast]').first()

test('what can be done about a mention in a reply shows its key, and is done by it', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await takeBackFor(page, 15)
  const id = await makeTicket(page, 'By its keys', { team_id: 1 })
  await openTicket(page, id)
  await page.keyboard.press('r')
  await page.keyboard.type('Ask @priy')
  await expect(page.getByRole('option', { name: 'Priya Raman' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Enter')
  const guard = page.getByRole('alert').filter({ hasText: '@Priya Raman would be mentioned' })
  await expect(guard.getByRole('button', { name: 'Make it a note' })).toContainText('Alt N')
  await expect(guard.getByRole('button', { name: 'Send anyway' })).toContainText('Alt ↵')
  await expectClean(page)
  await page.keyboard.press('Alt+n')
  await expect(editor(page, 'Internal note')).toHaveText('Ask @Priya Raman')
  await expect(guard).toHaveCount(0)
  // As a note it may say so; as a reply only with its writer's word.
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await page.getByRole('tab', { name: 'Reply' }).click()
  await editor(page, 'Reply').focus()
  await page.keyboard.type('Or @jon')
  await expect(page.getByRole('option', { name: 'Jonas Lindqvist' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('alert')).toContainText('@Jonas Lindqvist')
  await page.keyboard.press('Alt+Enter')
  await expect(outbox(page)).toContainText('Or @Jonas Lindqvist')
  await expect(outbox(page).getByRole('button', { name: 'Undo' })).toContainText('Ctrl+Z')
})

test('a reply that is made a note takes its files, its status and what its macro has set along: the customer gets none', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await takeBackFor(page, 0)
  const name = `Inside${Date.now()}`
  const made = await page.request.post('/api/macros', {
    headers,
    data: {
      name,
      scope: 'private',
      message_kind: 'reply',
      body_text: 'Please look:',
      actions: [
        { set: 'status', value: 'on_hold' },
        { set: 'priority', value: 'high' },
      ],
    },
  })
  expect(made.status(), await made.text()).toBe(201)
  const id = await makeTicket(page, 'For the team alone', { team_id: 1 })
  await openTicket(page, id)
  await page.keyboard.press('m')
  await page.keyboard.type(name)
  await expect(page.getByRole('listbox', { name: 'Macros' }).getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
  await page.keyboard.type(' @priy')
  await expect(page.getByRole('option', { name: 'Priya Raman' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  // One is there, the other is still on its way when the reply becomes a note.
  let go = () => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  await page.route('**/api/attachments?name=slow.txt', async (route) => {
    await gate
    await route.continue()
  })
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach files' }).click()
  await (await chooser).setFiles(
    ['margins.txt', 'slow.txt'].map((file) => ({ name: file, mimeType: 'text/plain', buffer: Buffer.from(file) })),
  )
  const files = page.getByRole('list', { name: 'Attached files' })
  await expect(files.getByRole('progressbar')).toHaveCount(1)
  await editor(page, 'Reply').focus()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'would be mentioned' })).toBeVisible()
  await page.keyboard.press('Alt+n')
  const told = page.getByRole('status').filter({ hasText: name })
  await expect(editor(page, 'Internal note')).toHaveText(/Please look: ?@Priya Raman/)
  await expect(files).toContainText('margins.txt')
  await expect(files).toContainText('slow.txt')
  await expect(told).toContainText('High')
  await expect(page.getByRole('button', { name: 'Add note, set On hold' })).toBeVisible()
  await expectClean(page)
  await page.getByRole('tab', { name: 'Reply' }).click()
  await expect(editor(page, 'Reply')).toHaveText('')
  await expect(files).toHaveCount(0)
  await expect(told).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()
  // Its upload ends in the note.
  go()
  await editor(page, 'Reply').focus()
  await page.keyboard.type('We look into it.')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => sentTo(page, id)).toHaveLength(1)
  await page.getByRole('tab', { name: 'Internal note' }).click()
  await expect(files.getByRole('progressbar')).toHaveCount(0)
  await expect(files).toContainText('slow.txt')
  await editor(page, 'Internal note').focus()
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => sentTo(page, id)).toHaveLength(2)
  const sent: { kind: string; attachments: { name: string }[] }[] = (
    await (await page.request.get(`/api/tickets/${id}/messages`)).json()
  ).items
  const named = (kind: string) => sent.filter((each) => each.kind === kind).flatMap((each) => each.attachments)
  expect(named('reply')).toEqual([])
  expect(named('note').map((each) => each.name)).toEqual(['margins.txt', 'slow.txt'])
  expect((await (await page.request.get(`/api/tickets/${id}`)).json()).status).toBe('on_hold')
})

test('a blank is gone to by its key, and an answer that came first is shown or answered by theirs', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Blanks and answers', { team_id: 1 })
  await openTicket(page, id)
  await page.keyboard.press('r')
  await page.keyboard.type('Order {{order}} is here.')
  const blanks = page.getByRole('alert').filter({ hasText: '1 blank to fill' })
  await expect(blanks.getByRole('button', { name: 'Go there' })).toContainText('Alt B')
  await page.keyboard.press('Alt+b')
  await page.keyboard.type('4711')
  await expect(editor(page, 'Reply')).toHaveText('Order 4711 is here.')
  const priya = await colleague()
  const said = await priya.request.post(`/api/tickets/${id}/messages`, {
    data: { kind: 'reply', body_text: 'It is on its way' },
  })
  expect(said.status(), await said.text()).toBe(201)
  const overtaken = page.getByRole('alert').filter({ hasText: 'Priya Raman has replied' })
  await expect(overtaken.getByRole('button', { name: 'Show it' })).toContainText('Alt A')
  await expect(overtaken.getByRole('button', { name: 'Send anyway' })).toContainText('Alt ↵')
  await page.keyboard.press('Alt+a')
  await expect(page.getByRole('article', { name: /^Message from Priya/ })).toBeInViewport()
  await editor(page, 'Reply').focus()
  await page.keyboard.press('Alt+Enter')
  await expect(outbox(page)).toContainText('Order 4711 is here.')
})

test('the keys of a guard are in the palette and the list of keys while it stands', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Found in the palette', { team_id: 1 })
  await openTicket(page, id)
  await page.keyboard.press('r')
  await page.keyboard.type('Order {{order}} is here.')
  await expect(page.getByRole('alert')).toContainText('1 blank to fill')
  // In the text that key is for links.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search tickets and commands' }).fill('Go there')
  await page.keyboard.press('Enter')
  await expect(editor(page, 'Reply')).toBeFocused()
  await page.keyboard.type('4711')
  await expect(editor(page, 'Reply')).toHaveText('Order 4711 is here.')
})

test('a reply that is taken back comes with its macro: what that changed stays until its own Undo, and goes with the next send', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await takeBackFor(page, 20)
  const name = `Back${Date.now()}`
  const made = await page.request.post('/api/macros', {
    headers,
    data: {
      name,
      scope: 'private',
      message_kind: 'reply',
      body_text: 'It is confirmed.',
      actions: [
        { set: 'status', value: 'solved' },
        { set: 'priority', value: 'high' },
        { add_tags: ['confirmed'] },
        { set: 'custom.app_version', value: '9.9' },
      ],
    },
  })
  expect(made.status(), await made.text()).toBe(201)
  const read = async (id: number) => {
    const { status, priority, tags, custom } = await (await page.request.get(`/api/tickets/${id}`)).json()
    return { status, priority, tags, version: custom.app_version ?? null }
  }
  const bar = page.getByRole('status').filter({ hasText: name })
  const send = async (subject: string) => {
    const id = await makeTicket(page, subject, { team_id: 1, tags: ['before'] })
    await openTicket(page, id)
    await page.keyboard.press('m')
    await page.keyboard.type(name)
    await expect(page.getByRole('listbox', { name: 'Macros' }).getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Send as Solved' })).toBeVisible()
    await expect.poll(() => read(id)).toMatchObject({ priority: 'high', version: '9.9' })
    await page.keyboard.press('Control+Enter')
    await expect(outbox(page)).toContainText('It is confirmed.')
    await expect(bar).toHaveCount(0)
    return id
  }
  const before = { priority: 'normal', tags: ['before'], version: null }
  const after = { priority: 'high', tags: ['before', 'confirmed'], version: '9.9' }

  // By the key in the empty editor: the macro's changes stay, its bar says so, and sending again sends it all.
  const first = await send('Taken back and sent again')
  await page.keyboard.press('Control+z')
  await expect(editor(page, 'Reply')).toHaveText('It is confirmed.')
  await expect(notice(page)).toContainText(`What “${name}” changed on the ticket stays`)
  await expect(bar).toContainText('High')
  await expect(bar).toContainText('+ confirmed')
  await expect(page.getByRole('button', { name: 'Send as Solved' })).toBeVisible()
  await expectClean(page)
  expect(await read(first)).toMatchObject(after)
  // Also for whoever has been elsewhere meanwhile.
  await page.getByRole('button', { name: 'Back to the queue' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await page.goBack()
  await expect(bar).toContainText('High')
  await expect(page.getByRole('button', { name: 'Send as Solved' })).toBeVisible()
  await editor(page, 'Reply').focus()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Send now' }).click()
  await expect.poll(() => sentTo(page, first)).toHaveLength(1)
  expect(await read(first)).toEqual({ status: 'solved', ...after })

  // By the button; the bar's own Undo puts the ticket back.
  const second = await send('Taken back with its macro by hand')
  await outbox(page).getByRole('button', { name: 'Undo' }).click()
  await expect(editor(page, 'Reply')).toHaveText('It is confirmed.')
  expect(await read(second)).toMatchObject(after)
  await bar.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => read(second)).toMatchObject(before)
  await expect(bar).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()

  // What a colleague has set meanwhile stays, and is told.
  const third = await send('Taken back too late')
  await changeTicket(await colleague(), third, { priority: 'urgent' })
  await expect(page.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
  await outbox(page).getByRole('button', { name: 'Undo' }).click()
  await expect(editor(page, 'Reply')).toHaveText('It is confirmed.')
  await bar.getByRole('button', { name: 'Undo' }).click()
  await expect(notice(page)).toContainText('Not all that the macro changed could be put back')
  expect((await read(third)).priority).toBe('urgent')
  // Once it has gone, all stays.
  const fourth = await send('Sent with its macro')
  await page.getByRole('button', { name: 'Send now' }).click()
  await expect.poll(() => sentTo(page, fourth)).toHaveLength(1)
  expect(await read(fourth)).toEqual({ status: 'solved', ...after })
})

/** How much of one lies over the other, in square pixels. */
async function shared(one: Locator, other: Locator) {
  const [a, b] = await Promise.all([one.boundingBox(), other.boundingBox()])
  if (!a || !b) return -1
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

for (const [where, options] of [
  ['a desk', {}],
  ['a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
] as const)
  test(`on ${where} no notice covers the list of macros, a dialog’s buttons, a guard or what sends`, async ({
    browser,
  }) => {
    const page = await signIn(browser, 'maya@demo.test', options)
    const phone = where === 'a phone'
    const id = await makeTicket(page, 'Nothing in the way', { team_id: 1 })
    await openTicket(page, id)
    // One that stays until it is closed.
    await page.route(`**/api/tickets/${id}`, (route) =>
      route.request().method() === 'PATCH'
        ? route.fulfill({ status: 503, json: { status: 503, code: 'TK503', detail: 'Not now' } })
        : route.continue(),
    )
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('s')
    await page.keyboard.press('h')
    await expect(notice(page)).toBeVisible()
    const clear = async (what: Locator) => {
      await expect(what).toBeVisible()
      await expect.poll(() => shared(notice(page), what)).toBe(0)
    }
    if (phone) await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Reply' }).tap()
    else await page.keyboard.press('r')
    await expect(editor(page, 'Reply')).toBeFocused()
    await page.keyboard.type('Order {{order}} ')
    await clear(page.getByRole('button', { name: /^Send/ }).first())
    await clear(page.getByRole('alert').filter({ hasText: '1 blank to fill' }))
    await page.keyboard.type('/')
    await clear(page.getByRole('listbox', { name: 'Macros' }))
    await clear(page.getByRole('button', { name: 'New macro' }).first())
    await page.getByRole('button', { name: 'New macro' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New macro' })
    await clear(dialog.getByRole('button', { name: 'Create' }))
    await clear(dialog.getByLabel('Name'))
  })
