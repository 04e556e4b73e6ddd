import { expect, type Page } from '@playwright/test'
import {
  changeTicket,
  colleague,
  cuttableLine,
  editor,
  logIn,
  makeTicket,
  messagesOf,
  openTicket,
  signIn,
} from './support'
import { test } from './test'

const ticketOf = async (page: Page, id: number) => (await page.request.get(`/api/tickets/${id}`)).json()

const notice = (page: Page, text: string) => page.locator('[data-sonner-toast]').filter({ hasText: text })

test('every change of a ticket can be undone, the newest first, by key and by notice', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Undone twice')
  await openTicket(page, id)
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect(notice(page, `Set the priority of #${id} to Urgent`)).toBeVisible()
  await page.keyboard.press('e')
  await expect(notice(page, `Solved #${id}`)).toBeVisible()
  // Offered together with the act, whose answer comes later.
  await expect.poll(() => ticketOf(page, id)).toMatchObject({ priority: 'urgent', status: 'solved' })

  await page.keyboard.press('Control+z')
  await expect(notice(page, `Undone: Solved #${id}`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Status: New' })).toBeVisible()
  expect(await ticketOf(page, id)).toMatchObject({ priority: 'urgent', status: 'new' })

  await notice(page, `Set the priority of #${id} to Urgent`).getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
  await expect.poll(async () => (await ticketOf(page, id)).priority).toBe('normal')

  await page.keyboard.press('Control+z')
  await expect(page.getByText('There is nothing to undo.')).toBeVisible()
})

test('an undo that somebody else has overtaken says so and takes nothing of theirs away', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Overtaken')
  await openTicket(page, id)
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect(notice(page, `Set the priority of #${id}`)).toBeVisible()
  await changeTicket(await colleague(), id, { priority: 'low' })
  await expect(page.getByRole('button', { name: 'Priority: Low' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(notice(page, `Not undone: Set the priority of #${id}`)).toContainText('Someone has changed it since')
  expect(await ticketOf(page, id)).toMatchObject({ priority: 'low' })
})

test('what was solved from the list is undone from the list', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const mark = `Step${Date.now()}`
  const id = await makeTicket(page, `${mark} back`)
  await page.goto(`/?q=${mark}`)
  await expect(page.locator(`[data-ticket="${id}"]`)).toBeVisible()
  await page.keyboard.press('e')
  await expect(notice(page, `Solved #${id}`)).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(notice(page, `Undone: Solved #${id}`)).toBeVisible()
  expect(await ticketOf(page, id)).toMatchObject({ status: 'new' })
})

test('a change of many from before the page was loaded is undone after what was done since', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const mark = `Since${Date.now()}`
  const id = await makeTicket(page, `${mark} solved`)
  const other = await makeTicket(page, 'Changed before')
  const started = await page.request.post('/api/bulk-jobs', {
    headers: { 'x-requested-with': 'autocrm' },
    data: { action: 'update', ids: [other], changes: { priority: 'urgent' } },
  })
  expect(started.status(), await started.text()).toBe(201)
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  // The list learns of it late.
  await page.route(/\/api\/bulk-jobs\?/, async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`/?q=${mark}`)
  await expect(page.locator(`[data-ticket="${id}"]`)).toBeVisible()
  await page.keyboard.press('e')
  await expect(notice(page, `Solved #${id}`)).toBeVisible()
  answer()
  await expect(page.getByRole('region', { name: 'Progress of the change' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(notice(page, `Undone: Solved #${id}`)).toBeVisible()
  expect(await ticketOf(page, other)).toMatchObject({ priority: 'urgent' })
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await ticketOf(page, other)).priority).toBe('normal')
})

test('what is changed while the line is down is shown as waiting, and is sent when it is back', async ({ browser }) => {
  const line = await cuttableLine()
  const page = await signIn(browser, 'maya@demo.test', { baseURL: line.url })
  const id = await makeTicket(page, 'Changed in a tunnel')
  await openTicket(page, id)
  const bar = page.getByRole('status', { name: 'Connection' })
  await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
  await page.waitForLoadState('networkidle')
  line.cut()
  await expect(bar).toContainText('You are offline.', { timeout: 2000 })
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await page.keyboard.press('s')
  await page.keyboard.press('h')
  await expect(bar).toContainText('2 changes are waiting')
  await expect(bar.getByRole('listitem')).toHaveText([`Set the priority of #${id} to Urgent`, `Set #${id} to On hold`])
  // Shown as they will be.
  await expect(page.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Status: On hold' })).toBeVisible()
  line.mend()
  await expect(bar).toBeEmpty({ timeout: 20_000 })
  const reader = await colleague()
  // What is being sent waits no longer.
  const sent = async () => (await reader.request.get(`/api/tickets/${id}`)).json()
  await expect.poll(sent).toMatchObject({ priority: 'urgent', status: 'on_hold' })
  line.close()
})

test('a change that waits can be discarded, and is shown as never made', async ({ browser }) => {
  const line = await cuttableLine()
  const page = await signIn(browser, 'maya@demo.test', { baseURL: line.url })
  const id = await makeTicket(page, 'Not after all')
  await openTicket(page, id)
  const bar = page.getByRole('status', { name: 'Connection' })
  await page.waitForLoadState('networkidle')
  line.cut()
  await expect(bar).toContainText('You are offline.', { timeout: 2000 })
  await page.keyboard.press('s')
  await page.keyboard.press('h')
  await bar.getByRole('button', { name: `Discard: Set #${id} to On hold` }).click()
  await expect(page.getByRole('button', { name: 'Status: New' })).toBeVisible()
  line.mend()
  await expect(bar).toBeEmpty({ timeout: 20_000 })
  expect(await ticketOf(page, id)).toMatchObject({ status: 'new' })
  line.close()
})

test('notices are dark in the dark theme', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { colorScheme: 'dark' })
  const id = await makeTicket(page, 'In the dark')
  await openTicket(page, id)
  await page.keyboard.press('e')
  const toast = notice(page, `Solved #${id}`)
  await expect(toast).toBeVisible()
  const lightness = await toast.evaluate((box) => {
    const probe = document.createElement('canvas').getContext('2d')
    if (!probe) return 255
    probe.fillStyle = getComputedStyle(box).backgroundColor
    probe.fillRect(0, 0, 1, 1)
    return probe.getImageData(0, 0, 1, 1).data[0]
  })
  expect(lightness).toBeLessThan(80)
})

const draftsOf = async (page: Page) => (await (await page.request.get('/api/drafts')).json()).items

test('a draft begun on one device is there on another, and goes when it is sent from either', async ({ browser }) => {
  const phone = await signIn(browser, 'maya@demo.test', { viewport: { width: 1024, height: 844 } })
  const id = await makeTicket(phone, 'Begun on the phone')
  await openTicket(phone, id)
  await phone.keyboard.press('r')
  await editor(phone, 'Reply').pressSequentially('Dear Naomi, ')
  await expect
    .poll(async () => (await draftsOf(phone)).some((draft: { ticket_id: number }) => draft.ticket_id === id))
    .toBe(true)

  const desktop = await signIn(browser, 'maya@demo.test')
  await openTicket(desktop, id)
  await expect(editor(desktop, 'Reply')).toHaveText('Dear Naomi,')
  await desktop.keyboard.press('r')
  await editor(desktop, 'Reply').pressSequentially('it is on its way.')
  await editor(desktop, 'Reply').press('Control+Enter')
  await expect(editor(desktop, 'Reply')).toHaveText('')
  await expect
    .poll(() => messagesOf(desktop, id).then((all) => all.some((each) => each.body_text.includes('it is on its way'))))
    .toBe(true)
  await expect
    .poll(async () => (await draftsOf(phone)).some((draft: { ticket_id: number }) => draft.ticket_id === id))
    .toBe(false)
  await phone.reload()
  await expect(editor(phone, 'Reply')).toHaveText('')
})

test('whoever signs in next finds no draft of the one before, who finds it again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'For my eyes alone')
  await openTicket(page, id)
  await page.keyboard.press('n')
  await editor(page, 'Internal note').pressSequentially('Between you and me')
  await editor(page, 'Internal note').press('Escape')
  await page.getByRole('button', { name: /availability/ }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await logIn(page, 'priya@demo.test')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('Between you and me')
  await openTicket(page, id)
  await page.keyboard.press('n')
  await expect(editor(page, 'Internal note')).toHaveText('')
  await page.getByRole('button', { name: /availability/ }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await logIn(page, 'maya@demo.test')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await openTicket(page, id)
  await page.keyboard.press('n')
  await expect(editor(page, 'Internal note')).toHaveText('Between you and me')
})

test('a change met by the end of the session is made after log-in, by the same person alone', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Cut off')
  await openTicket(page, id)
  const change = async (priority: string) => {
    // The change is what meets the end, and not what the page reads from time to time.
    const ticket = `**/api/tickets/${id}`
    await page.route(ticket, async (route) => {
      if (route.request().method() === 'PATCH') await page.context().clearCookies()
      await route.continue()
    })
    await page.getByRole('button', { name: /^Priority: / }).click()
    await page.getByRole('option', { name: priority }).click()
    await expect(page.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
    await page.unroute(ticket)
  }
  const priorityOf = async () => (await ticketOf(page, id)).priority
  await change('High')
  await logIn(page, 'maya@demo.test')
  await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
  await expect.poll(priorityOf).toBe('high')

  await change('Urgent')
  await logIn(page, 'priya@demo.test')
  await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
  await page.waitForTimeout(1500)
  expect(await priorityOf()).toBe('high')
})

test('a new ticket that is closed half-written is there again, until it is made', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const dialog = page.getByRole('dialog')
  await page.keyboard.press('c')
  // The keys that come before the dialog is loaded are for its first field.
  await page.keyboard.type('naomi.byrne@halcyon.example')
  await expect(dialog.getByLabel("Requester's e-mail")).toHaveValue('naomi.byrne@halcyon.example')
  await dialog.getByLabel('Subject').fill('Half a thought')
  await dialog.getByLabel('What is it about?').fill('It began')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await page.reload()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await page.keyboard.press('c')
  await expect(dialog.getByLabel('Subject')).toHaveValue('Half a thought')
  await expect(dialog.getByLabel('What is it about?')).toHaveValue('It began')
  await dialog.getByRole('button', { name: 'Create ticket' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Half a thought')
  await expect(dialog).toHaveCount(0)
  await page.keyboard.press('c')
  await expect(dialog.getByLabel('Subject')).toHaveValue('')
})
