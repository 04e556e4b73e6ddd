import { expect, type Page } from '@playwright/test'
import { editor, expectClean, makeTicket, openTicket, sentTo, signIn, takeBackFor } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

test.describe('macros', () => {
  const mark = `M${Date.now()}`
  test.beforeAll(async ({ browser }) => {
    const admin = await signIn(browser, 'admin@demo.test')
    for (const data of [
      {
        name: `${mark} confirmed`,
        scope: 'shared',
        message_kind: 'reply',
        body_text: 'Good news, {{requester.first_name | "there"}}: it is confirmed.',
        actions: [
          { set: 'status', value: 'on_hold' },
          { add_tags: [`${mark}-tag`] },
          { set: 'priority', value: 'high' },
        ],
      },
      { name: `${mark} duplicate`, scope: 'shared', actions: [{ set: 'status', value: 'solved' }] },
    ]) {
      const made = await admin.request.post('/api/macros', { headers, data })
      expect(made.status(), await made.text()).toBe(201)
    }
    const made = await admin.request.post('/api/triggers', {
      headers,
      data: {
        name: `${mark} tell treasury`,
        // Of one ticket: wherever it is quicker than an undo, what it has done stays.
        conditions: {
          all: [
            { field: 'tags', op: 'includes_any', value: [`${mark}-tag`] },
            { field: 'subject', op: 'contains', value: 'Is it confirmed?' },
          ],
        },
        actions: [{ set: 'priority', value: 'urgent' }, { add_tags: [`${mark}-told`] }, { note: 'Treasury was told.' }],
      },
    })
    expect(made.status(), await made.text()).toBe(201)
    await admin.context().close()
  })

  test('are found by /, tried out by the desk, applied by Enter and undone in one step', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Is it confirmed?')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await page.keyboard.type(`Hello, /${mark} conf`)
    const list = page.getByRole('listbox', { name: 'Macros' })
    await expect(list.getByRole('option')).toHaveCount(1)
    await expect(page.getByText('Good news, Naomi: it is confirmed.')).toBeVisible()
    await expect(page.getByText(`+ ${mark}-tag`)).toBeVisible()
    const trigger = page.getByRole('listitem').filter({ hasText: `“${mark} tell treasury”` })
    await expect(trigger).toContainText('Urgent')
    await expect(trigger).toContainText(`+ ${mark}-told`)
    await expect(trigger).toContainText('adds an internal note')
    await expectClean(page)
    // Nothing is changed before Enter, and Escape leaves the text.
    expect((await (await page.request.get(`/api/tickets/${id}`)).json()).priority).toBe('normal')
    await page.keyboard.press('Escape')
    await expect(list).toHaveCount(0)
    await expect(editor(page, 'Reply')).toHaveText(`Hello, /${mark} conf`)
    await page.keyboard.press('Escape')

    const other = await makeTicket(page, 'One that no trigger answers')
    await openTicket(page, other)
    await page.keyboard.press('r')
    await page.keyboard.type(`/${mark} conf`)
    await expect(list.getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(editor(page, 'Reply')).toHaveText('Good news, Naomi: it is confirmed.')
    await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Send as On hold' })).toBeVisible()
    // The status goes with the reply.
    await expect(page.getByRole('button', { name: 'Status: New' })).toBeVisible()
    await page.keyboard.press('Control+z')
    await expect(editor(page, 'Reply')).toHaveText(`/${mark} conf`)
    await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()

    await page.keyboard.type('i')
    await expect(list.getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Alt+Enter')
    await expect(editor(page, 'Reply')).toHaveText('Good news, Naomi: it is confirmed.')
    await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()
    // The undo is shown before the desk has answered it.
    await expect
      .poll(async () => (await (await page.request.get(`/api/tickets/${other}`)).json()).priority)
      .toBe('normal')
  })

  test('are applied by m, and what they set is taken back alone', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'By m')
    await openTicket(page, id)
    await page.keyboard.press('m')
    await page.keyboard.type(`${mark} conf`)
    await expect(page.getByRole('listbox', { name: 'Macros' }).getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
    const told = page.getByRole('status').filter({ hasText: `${mark} confirmed` })
    await expect(told).toContainText('On hold')
    await expectClean(page)
    await told.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
    await expect(editor(page, 'Reply')).toHaveText('Good news, Naomi: it is confirmed.')
    await page.keyboard.press('Escape')

    await page.keyboard.press('r')
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Delete')
    await expect(editor(page, 'Reply')).toHaveText('')
    await page.keyboard.press('Escape')
    await page.keyboard.press('m')
    await page.keyboard.type(`${mark} dup`)
    await expect(page.getByRole('listbox', { name: 'Macros' }).getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Status: Solved' })).toBeVisible()
    await expect(editor(page, 'Reply')).toHaveText('')
  })
})

test.describe('a macro', () => {
  const mark = `N${Date.now()}`
  test.beforeAll(async ({ browser }) => {
    const admin = await signIn(browser, 'admin@demo.test')
    for (const data of [
      {
        name: `${mark} blank`,
        scope: 'shared',
        message_kind: 'reply',
        body_text: 'Dear {{requester.first_name}}, {{agent.phone}} is my number',
      },
      {
        name: `${mark} sets`,
        scope: 'shared',
        message_kind: 'reply',
        body_text: 'It is on hold',
        actions: [
          { set: 'status', value: 'on_hold' },
          { set: 'priority', value: 'high' },
        ],
      },
      { name: `${mark} refused`, scope: 'shared', message_kind: 'reply', body_text: 'Refused', actions: [] },
    ]) {
      const made = await admin.request.post('/api/macros', { headers, data })
      expect(made.status(), await made.text()).toBe(201)
    }
    await admin.context().close()
  })
  const options = (page: Page) => page.getByRole('listbox', { name: 'Macros' }).getByRole('option')

  test('whose placeholder has no value here leaves a blank, never a hole', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Without a number')
    await openTicket(page, id)
    await page.keyboard.press('m')
    await page.keyboard.type(`${mark} blank`)
    await expect(options(page)).toHaveCount(1)
    await expect(page.getByText('1 blank to fill')).toBeVisible()
    await expectClean(page)
    await page.keyboard.press('Enter')
    await expect(editor(page, 'Reply')).toHaveText('Dear Naomi, {{agent.phone}} is my number')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toHaveCount(0)
    await page.keyboard.type('4711')
    await expect(editor(page, 'Reply')).toHaveText('Dear Naomi, 4711 is my number')
  })

  test('that cannot be applied says why, and its command never goes to the customer', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Not here')
    await openTicket(page, id)
    await page.route('**/macros/*/preview', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: '{"status":422,"detail":"No","problems":[{"path":"macro","message":"there is no team any more"}]}',
      }),
    )
    await page.keyboard.press('r')
    await page.keyboard.type(`/${mark} ref`)
    await expect(options(page)).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.locator('[data-sonner-toast]')).toContainText('there is no team any more')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('alert').filter({ hasText: 'Choose a macro, or press Escape' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toHaveCount(0)
    await expect(editor(page, 'Reply')).toHaveText(`/${mark} ref`)
  })

  test('that a server fault kept from changing the ticket says so, sets nothing, and is tried again', async ({
    browser,
  }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Not now', { team_id: 1 })
    await openTicket(page, id)
    await page.route('**/macros/*/apply', (route) =>
      route.fulfill({ status: 500, json: { status: 500, code: 'TK500', detail: 'Something went wrong' } }),
    )
    await page.keyboard.press('m')
    await page.keyboard.type(`${mark} sets`)
    await expect(options(page)).toHaveCount(1)
    await page.keyboard.press('Enter')
    const notice = page.locator('[data-sonner-toast]').filter({ hasText: `“${mark} sets” was not applied` })
    await expect(notice).toBeVisible()
    const bar = page.getByRole('status').filter({ hasText: `${mark} sets` })
    await expect(bar).toHaveCount(0)
    await expect(editor(page, 'Reply')).toHaveText('It is on hold')
    await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()
    await expectClean(page)
    await page.unroute('**/macros/*/apply')
    await notice.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
    await expect(bar).toContainText('High')
    await expect(page.getByRole('button', { name: 'Send as On hold' })).toBeVisible()
    await expect(editor(page, 'Reply')).toHaveText('It is on hold')
    await expect(notice).toHaveCount(0)
  })

  test('that is still looked up or applied says so, and what is sent meanwhile waits for it and goes', async ({
    browser,
  }) => {
    const page = await signIn(browser, 'maya@demo.test')
    await takeBackFor(page, 0)
    const id = await makeTicket(page, 'Sent in a hurry', { team_id: 1 })
    await openTicket(page, id)
    const gates = { preview: () => {}, apply: () => {} }
    for (const part of ['preview', 'apply'] as const) {
      const gate = new Promise<void>((resolve) => {
        gates[part] = resolve
      })
      await page.route(`**/macros/*/${part}`, async (route) => {
        await gate
        await route.continue()
      })
    }
    await page.keyboard.press('m')
    await page.keyboard.type(`${mark} sets`)
    await expect(options(page)).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(options(page)).toContainText('Applying…')
    await page.keyboard.press('Control+Enter')
    const waits = page.getByRole('button', { name: 'Sent after the macro' })
    await expect(waits).toBeVisible()
    gates.preview()
    await expect(editor(page, 'Reply')).toHaveText('It is on hold')
    await expect(page.getByRole('status').filter({ hasText: `${mark} sets` })).toContainText('Applying…')
    await expect(waits).toBeVisible()
    await expectClean(page)
    expect(await sentTo(page, id)).toHaveLength(0)
    gates.apply()
    await expect.poll(() => sentTo(page, id)).toHaveLength(1)
    await expect(editor(page, 'Reply')).toHaveText('')
    await expect(editor(page, 'Reply')).toBeFocused()
    expect(await (await page.request.get(`/api/tickets/${id}`)).json()).toMatchObject({
      status: 'on_hold',
      priority: 'high',
    })
  })

  for (const [how, end] of [
    ['the desk cannot say', 'fails'],
    ['Escape leaves', 'left'],
  ] as const)
    test(`that ${how} takes what waits for it back: its command is not sent`, async ({ browser }) => {
      const page = await signIn(browser, 'maya@demo.test')
      await takeBackFor(page, 0)
      const id = await makeTicket(page, `Not to be sent: ${end}`, { team_id: 1 })
      await openTicket(page, id)
      let go = () => {}
      const gate = new Promise<void>((resolve) => {
        go = resolve
      })
      await page.route('**/macros/*/preview', async (route) => {
        await gate
        await route.fulfill({ status: 500, json: { status: 500, code: 'TK500', detail: 'Something went wrong' } })
      })
      await page.keyboard.press('r')
      await page.keyboard.type(`/${mark} sets`)
      await expect(options(page)).toHaveCount(1)
      await page.keyboard.press('Enter')
      await page.keyboard.press('Control+Enter')
      await expect(page.getByRole('button', { name: 'Sent after the macro' })).toBeVisible()
      if (end === 'left') await page.keyboard.press('Escape')
      else go()
      await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()
      if (end === 'fails')
        await expect(page.locator('[data-sonner-toast]')).toContainText(`“${mark} sets” was not applied`)
      await expect(editor(page, 'Reply')).toHaveText(`/${mark} sets`)
      expect(await sentTo(page, id)).toHaveLength(0)
      if (end === 'left') return go()
      // Chosen again it is looked up again.
      await page.unroute('**/macros/*/preview')
      await page.keyboard.press('Enter')
      await expect(editor(page, 'Reply')).toHaveText('It is on hold')
    })

  test('asked for by a command and left leaves no sign that nobody typed', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Left again')
    await openTicket(page, id)
    // Before the editor is there, and after.
    for (const _ of [1, 2]) {
      await page.keyboard.press('m')
      await expect(options(page).first()).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(page.getByRole('listbox', { name: 'Macros' })).toHaveCount(0)
      await expect(editor(page, 'Reply')).toHaveText('')
      await page.keyboard.press('Escape')
    }
    await page.getByRole('button', { name: 'Apply a macro' }).click()
    await expect(options(page).first()).toBeVisible()
    await page.getByRole('heading', { level: 1 }).click()
    await expect(editor(page, 'Reply')).toHaveText('')

    // What is selected stays, too.
    await editor(page, 'Reply').fill('It is on its way')
    await page.keyboard.press('Shift+Home')
    await page.getByRole('button', { name: 'Apply a macro' }).click()
    await expect(options(page).first()).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(editor(page, 'Reply')).toHaveText('It is on its way')
  })
})

test('where there is no macro yet, one is made', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Without a macro', { team_id: 1 })
  await page.route('**/api/macros?*', (route) => route.fulfill({ json: { items: [], next: null } }))
  await openTicket(page, id)
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'New macro' }).click()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await expectClean(page)
  const name = `Thanks ${Date.now()}`
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Text').fill('Thank you, {{requester.first_name}}.')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByText(`Created the macro “${name}”`)).toBeVisible()
  await page.unroute('**/api/macros?*')
  // The notice comes before the answer.
  const made = async () => {
    const { items } = await (await page.request.get('/api/macros?limit=200')).json()
    return items.find((each: { name: string }) => each.name === name)
  }
  await expect.poll(made).toMatchObject({ scope: 'private', message_kind: 'reply' })
  await page.request.delete(`/api/macros/${(await made()).id}`, { headers: { 'x-requested-with': 'autocrm' } })
})

test('on a phone, too, a macro is made where there is none', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 390, height: 844 }, hasTouch: true })
  const id = await makeTicket(page, 'Without a macro in the hand', { team_id: 1 })
  await page.route('**/api/macros?*', (route) => route.fulfill({ json: { items: [], next: null } }))
  await openTicket(page, id)
  await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Macro' }).tap()
  await page.getByRole('button', { name: 'New macro' }).tap()
  await expect(page.getByRole('dialog', { name: 'New macro' }).getByLabel('Name')).toBeFocused()
  await expectClean(page)
})
