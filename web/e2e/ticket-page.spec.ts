import { expect, type Page } from '@playwright/test'
import {
  changeTicket,
  colleague,
  expectClean,
  holdChanges,
  makeTicket,
  misdrawn,
  openTicket,
  signIn,
  WELL_DRAWN,
  withForm,
} from './support'
import { test } from './test'

const read = async (page: Page, id: number) => (await page.request.get(`/api/tickets/${id}`)).json()

/** Chooses in a list that is open, by typing. */
async function choose(page: Page, list: string, typed: string) {
  await expect(page.getByRole('combobox', { name: list })).toBeFocused()
  await page.keyboard.type(typed)
  await expect(page.getByRole('listbox', { name: list }).getByRole('option').first()).toContainText(
    new RegExp(typed, 'i'),
  )
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listbox')).toHaveCount(0)
}

test('what is typed after a key belongs to what the key opens, however late the details are drawn', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 1440, height: 900 } })
  const id = await makeTicket(page, 'Typed at once')
  // What waits until the page is painted waits long.
  await page.addInitScript(() => {
    const frame = window.requestAnimationFrame.bind(window)
    window.requestAnimationFrame = (run) =>
      frame((at) => {
        if (!String(run).includes('setTimeout')) return run(at)
        document.documentElement.dataset.late = 'true'
        setTimeout(() => run(at), 4000)
      })
  })
  await page.goto(`/tickets/${id}`)
  await expect(page.getByRole('heading', { name: 'Typed at once' }).first()).toBeVisible()
  await expect(page.locator('html[data-late]')).toBeAttached()
  await expect(page.getByRole('heading', { name: 'Details' })).toHaveCount(0)
  await page.keyboard.press('l')
  await page.keyboard.press('e')
  await expect(page.getByRole('combobox', { name: 'Add a tag' })).toHaveValue('e', { timeout: 3000 })
  expect((await read(page, id)).status_category).not.toBe('solved')
})

test('every property is set by its key and a few letters', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'All by keyboard')
  await openTicket(page, id)
  const details = page.getByRole('complementary', { name: 'About this ticket' })
  await page.keyboard.press('p')
  await choose(page, 'Priority', 'urg')
  await page.keyboard.press('t')
  await choose(page, 'Team', 'plat')
  await page.keyboard.press('y')
  await choose(page, 'Type', 'inci')
  await page.keyboard.press('a')
  await choose(page, 'Assignee', 'aiko')
  await page.keyboard.press('l')
  await expect(page.getByLabel('Add a tag')).toBeFocused()
  await page.keyboard.type('by-key')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add a skill' }).click()
  await choose(page, 'Add a skill', 'germ')
  await page.getByLabel('Level of german').selectOption('3')
  await page.getByRole('button', { name: 'Add a skill' }).click()
  await choose(page, 'Add a skill', 'refu')
  // Better to have than needed.
  await page.getByLabel('Level of refunds').selectOption('p2')
  await expect(details.getByText('level 2 preferred')).toBeAttached()
  await page.getByRole('button', { name: /^Language: / }).click()
  await choose(page, 'Language', 'swed')
  await expect(details.getByRole('button', { name: 'Language: Swedish' })).toBeVisible()
  await expect
    .poll(() => read(page, id))
    .toMatchObject({
      priority: 'urgent',
      team: { name: 'Platform' },
      type: 'incident',
      assignee: { name: 'Aiko Tanabe' },
      tags: ['by-key'],
      required_skills: { german: 3 },
      preferred_skills: { refunds: { level: 2 } },
      language: 'sv',
    })
  await page.getByLabel('Level of refunds').selectOption('1')
  await expect.poll(() => read(page, id)).toMatchObject({ required_skills: { german: 3, refunds: 1 } })
  await page.getByRole('button', { name: 'Remove the skill refunds' }).click()
  await expect.poll(async () => (await read(page, id)).required_skills).toEqual({ german: 3 })
  // The ticket was taken from somebody: the notice names them.
  await page.keyboard.press('i')
  await expect(page.getByText(`#${id} is with Maya Okafor now, no longer with Aiko Tanabe`)).toBeVisible()
})

test('a refused value stays in its field beside what is wrong with it, whatever is saved after it', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Seats and amounts', { custom: { seats: 4 } })
  await openTicket(page, id)
  const seats = page.getByLabel('Seats')
  await seats.fill('-3')
  await seats.press('Enter')
  await expect(seats).toHaveAccessibleDescription(/-3 is below the minimum of 1/)
  await page.getByLabel('Disputed amount').fill('lots')
  await page.getByLabel('Disputed amount').press('Enter')
  await expect(page.getByLabel('Disputed amount')).toHaveAccessibleDescription(/must be a number/)
  await page.getByLabel('App version').fill('3.1')
  await page.getByLabel('App version').press('Enter')
  await expect.poll(async () => (await read(page, id)).custom).toMatchObject({ seats: 4, app_version: '3.1' })
  await expect(seats).toHaveValue('-3')
  await expect(seats).toHaveAttribute('aria-invalid', 'true')
  await expectClean(page)
  // Discarded, it is as it was; corrected, it is saved.
  await page.getByRole('button', { name: 'Discard changes' }).first().click()
  await expect(seats).toHaveValue('4')
  await page.getByLabel('Disputed amount').fill('12,5')
  await page.getByLabel('Disputed amount').press('Enter')
  await expect.poll(async () => (await read(page, id)).custom.amount).toBe(12.5)
  await expect(page.getByRole('complementary', { name: 'About this ticket' }).getByRole('alert')).toHaveCount(0)
})

test('a custom field is shown at once, and its change can be undone', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'At once')
  await openTicket(page, id)
  const held = await holdChanges(page)
  await page.getByLabel('Key account').check()
  await held.waiting
  await expect(page.getByLabel('Key account')).toBeChecked()
  held.release()
  await expect.poll(async () => (await read(page, id)).custom.vip).toBe(true)
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.getByLabel('Key account')).not.toBeChecked()
  await expect.poll(async () => (await read(page, id)).custom.vip ?? null).toBeNull()
})

test('a form asks as its answers go, solving asks for what is missing, and then goes on', async ({ browser }) => {
  const mark = `f${Date.now()}`
  const [fault, part, when, whose] = [`${mark}_fault`, `${mark}_part`, `${mark}_when`, `${mark}_whose`]
  const fields = [
    { key: fault, label: 'Fault', type: 'dropdown', config: { options: ['none', 'hardware'] } },
    { key: part, label: 'Broken part', type: 'text' },
    { key: when, label: 'Broke at', type: 'datetime' },
    { key: whose, label: 'Reported to', type: 'relation', config: { target: 'user' } },
  ]
  const placed = [
    { field: fault },
    { field: part, required: 'solve', visible_when: { field: fault, in: ['hardware'] } },
    { field: when },
    { field: whose },
  ]
  await withForm(fields, placed, async (form) => {
    const page = await signIn(browser, 'maya@demo.test', { timezoneId: 'Pacific/Auckland' })
    const id = await makeTicket(page, 'It broke', { form_id: form, team_id: 1 })
    await openTicket(page, id)
    const details = page.getByRole('complementary', { name: 'About this ticket' })
    await expect(details.getByLabel('Fault')).toBeVisible()
    await expect(details.getByLabel('Broken part')).toHaveCount(0)
    // What the form does not ask for is not there.
    await expect(details.getByLabel('Seats')).toHaveCount(0)
    await details.getByLabel('Fault').selectOption('hardware')
    await expect(details.getByLabel('Broken part')).toBeVisible()

    // On the clock of the person's own zone, whatever the browser's.
    await details.getByLabel('Broke at').fill('20/11/2026 10:30')
    await details.getByLabel('Fault').focus()
    const me = await (await page.request.get('/api/me')).json()
    await expect.poll(async () => (await read(page, id)).custom[when]).toBeTruthy()
    const shown = new Intl.DateTimeFormat('en-GB', { timeZone: me.time_zone, timeStyle: 'short' })
    expect(shown.format(new Date((await read(page, id)).custom[when]))).toBe('10:30')

    await details.getByLabel('Reported to').click()
    await expect(page.getByRole('combobox', { name: 'Reported to' })).toBeFocused()
    await page.keyboard.type('Naomi')
    await page.getByRole('option', { name: /Naomi Byrne/ }).click()
    await expect(details.getByRole('link', { name: 'Open Naomi Byrne' })).toHaveAttribute('href', /^\/customers\/\d+$/)

    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: 'Before this ticket is solved' })
    await expect(dialog.getByLabel('Broken part')).toBeFocused()
    await expect(dialog.getByRole('textbox')).toHaveCount(1)
    await expectClean(page)
    await dialog.getByRole('button', { name: 'Save and solve' }).click()
    await expect(dialog.getByLabel('Broken part')).toHaveAccessibleDescription(/is required when a ticket is solved/)
    await dialog.getByLabel('Broken part').fill('The fan')
    // A dialog that was closed keeps what was typed.
    await dialog.getByRole('button', { name: 'Not yet' }).click()
    await expect(dialog).toHaveCount(0)
    expect((await read(page, id)).status).not.toBe('solved')
    await page.keyboard.press('e')
    await expect(dialog.getByLabel('Broken part')).toHaveValue('The fan')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Status: Solved' })).toBeVisible()
    await expect.poll(() => read(page, id)).toMatchObject({ status: 'solved', custom: { [part]: 'The fan' } })
  })
})

test('a date and time is typed as one writes it or in words, chosen from a calendar, and seen whole', async ({
  browser,
}) => {
  const mark = `w${Date.now()}`
  const [when, day] = [`${mark}_when`, `${mark}_day`]
  const fields = [
    { key: when, label: 'Call back', type: 'datetime' },
    { key: day, label: 'Delivery', type: 'date' },
  ]
  await withForm(fields, [{ field: when }, { field: day }], async (form) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Call me', { form_id: form, team_id: 1 })
    await openTicket(page, id)
    const is = (key: string) => expect.poll(async () => (await read(page, id)).custom[key] ?? null)
    const at = page.getByLabel('Call back')
    await at.fill('1/3/2027 14:30')
    await at.press('Enter')
    await expect(at).toHaveValue('01/03/2027 14:30')
    await is(when).toMatch(/^2027-03-01/)
    expect(await at.evaluate((input) => input.scrollWidth - input.clientWidth)).toBeLessThanOrEqual(0)

    const date = page.getByLabel('Delivery')
    await date.fill('no day')
    await date.press('Enter')
    await expect(date).toHaveAccessibleDescription(/must be a date/)
    await expect(date).toHaveValue('no day')
    await date.fill('31 jan 27')
    await date.press('Enter')
    await expect(date).toHaveValue('31/01/2027')
    await is(day).toBe('2027-01-31')

    await date.press('Alt+ArrowDown')
    const calendar = page.getByRole('dialog', { name: 'Delivery' })
    await expect(calendar.getByRole('button', { name: /Sunday,? 31 January 2027/ })).toBeFocused()
    await expectClean(page)
    for (const key of ['PageDown', 'ArrowRight', 'ArrowDown', 'Home']) await page.keyboard.press(key)
    await expect(calendar.getByRole('button', { name: /Monday,? 8 March 2027/ })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(calendar).toHaveCount(0)
    await expect(date).toHaveValue('08/03/2027')
    await is(day).toBe('2027-03-08')

    await date.fill('tomorrow')
    await page.getByRole('button', { name: /^Status:/ }).focus()
    const zone = (await (await page.request.get('/api/me')).json()).time_zone
    const tomorrow = new Date(Date.now() + 86_400_000).toLocaleDateString('en-CA', { timeZone: zone })
    await is(day).toBe(tomorrow)
    // A choice from the calendar keeps the time.
    await at.press('Alt+ArrowDown')
    await page
      .getByRole('dialog', { name: 'Call back' })
      .getByRole('button', { name: /Tuesday,? 2 March 2027/ })
      .click()
    await expect(at).toHaveValue('02/03/2027 14:30')
    await at.fill('')
    await at.press('Enter')
    await is(when).toBe(null)
  })
})

test('what two people did to the tags is kept of both', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Tagged by two', { tags: ['first', 'wrong'] })
  await openTicket(page, id)
  const held = await holdChanges(page)
  await page.getByRole('button', { name: 'Remove the tag wrong' }).click()
  await held.waiting
  await changeTicket(await colleague(), id, { tags: ['first', 'wrong', 'theirs'] })
  held.release()
  await expect(page.getByText('Priya Raman also changed the tags')).toBeVisible()
  await expect.poll(async () => (await read(page, id)).tags.toSorted()).toEqual(['first', 'theirs'])
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('one goes through the queue from ticket to ticket, solves on the way, and comes back to the last one', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const mark = `Row${Date.now()}`
  for (const each of ['one', 'two', 'three']) await makeTicket(page, `${mark} ${each}`)
  await page.goto(`/?q=${mark}`)
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  await page.keyboard.press('Enter')
  const title = page.getByRole('heading', { level: 1 })
  await expect(page.getByText('1 of 3', { exact: true })).toBeVisible()
  const first = await title.textContent()
  await page.keyboard.press('j')
  await expect(page.getByText('2 of 3', { exact: true })).toBeVisible()
  const second = Number(new URL(page.url()).pathname.split('/').at(-1))
  await page.keyboard.press('k')
  await expect(title).toHaveText(first ?? '')
  await expect(page.getByRole('button', { name: 'Previous ticket' })).toBeDisabled()
  await page.getByRole('button', { name: 'Next ticket' }).click()
  await expect(page.getByText('2 of 3', { exact: true })).toBeVisible()
  await page.keyboard.press('Shift+E')
  await expect(page.getByText('3 of 3', { exact: true })).toBeVisible()
  await expect.poll(async () => (await read(page, second)).status).toBe('solved')
  const third = new URL(page.url()).pathname.split('/').at(-1)
  await page.keyboard.press('Escape')
  await expect(page.locator(`[data-ticket="${third}"]`)).toHaveAttribute('data-current', 'true')
})

test('an address without a ticket says so, and one that cannot be read is tried again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/tickets/abc')
  await expect(page.getByRole('heading', { name: 'No such ticket' })).toBeVisible()
  await expect(page.getByText('“abc” is not a ticket number')).toBeVisible()
  await expectClean(page)
  await page.goto('/tickets/99999999')
  await expect(page.getByText('There is no ticket #99999999 that you can see')).toBeVisible()
  await page.getByRole('link', { name: 'Go to the queue' }).click()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()

  const id = await makeTicket(page, 'Read at the second try')
  let broken = true
  await page.route(`**/api/tickets/${id}`, (route) => (broken ? route.fulfill({ status: 500 }) : route.continue()))
  await page.goto(`/tickets/${id}`)
  await expect(page.getByRole('heading', { name: 'This ticket could not be loaded' })).toBeVisible({ timeout: 20_000 })
  broken = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Read at the second try')
})

test('nothing overlaps and nothing scrolls sideways, however narrow, zoomed or long', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const long = 'Donaudampfschifffahrtsgesellschaft'.repeat(14)
  const id = await makeTicket(page, long, { tags: ['a-tag-'.repeat(12)] })
  await openTicket(page, id)
  // The last is 1440 px at 200 %.
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [820, 900],
    [390, 844],
    [320, 640],
    [720, 450],
  ] as const) {
    await page.setViewportSize({ width, height })
    await expect(page.getByRole('complementary', { name: 'About this ticket' })).toHaveCount(width < 1100 ? 0 : 1)
    expect(await misdrawn(page), `${width} × ${height}`).toEqual(WELL_DRAWN)
  }
  await page.setViewportSize({ width: 820, height: 900 })
  await page.getByRole('button', { name: 'Show the details' }).click()
  const sheet = page.getByRole('dialog', { name: 'About this ticket' })
  await expect(sheet.getByRole('button', { name: /^Team: / })).toBeVisible()
  await expectClean(page)
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  // A property that stands in the sheet brings it along.
  await page.keyboard.press('t')
  await choose(page, 'Team', 'pay')
  await expect.poll(async () => (await read(page, id)).team?.name).toBe('Payments')
})

test('on a phone the acts lie at the thumb, one writes on a page of its own, and a swipe goes on', async ({
  browser,
}) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }
  const maya = await signIn(browser, 'maya@demo.test')
  const mark = `Phone${Date.now()}`
  const older = await makeTicket(maya, `${mark} older`)
  const newer = await makeTicket(maya, `${mark} newer`)
  const page = await (
    await browser.newContext({ ...phone, storageState: await maya.context().storageState() })
  ).newPage()
  await page.goto(`/?q=${mark}`)
  await page.locator(`[data-ticket="${newer}"]`).click()
  const acts = page.getByRole('toolbar', { name: 'Actions' })
  await expect(acts).toBeVisible()
  const { y, height } = (await acts.boundingBox()) ?? { y: 0, height: 0 }
  expect(y).toBeGreaterThan(422)
  expect(y + height).toBeLessThanOrEqual(844)
  for (const act of await acts.getByRole('button').all())
    expect((await act.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await expectClean(page)

  await acts.getByRole('button', { name: 'Note' }).click()
  await expect(page.getByRole('textbox', { name: 'Internal note' })).toBeFocused()
  await page.getByRole('button', { name: 'Close and keep the draft' }).click()
  await expect(page.getByRole('textbox', { name: 'Internal note' })).toHaveCount(0)

  await page.getByRole('button', { name: 'About Naomi Byrne' }).click()
  await expect(page.getByRole('dialog', { name: 'About this ticket' })).toBeVisible()
  await expectClean(page)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.evaluate(() => {
    const target = document.querySelector('main section article') ?? document.body
    const at = (clientX: number) => [new Touch({ identifier: 1, target, clientX, clientY: 300 })]
    const fire = (type: string, x: number) =>
      target.dispatchEvent(
        new TouchEvent(type, { bubbles: true, touches: type === 'touchend' ? [] : at(x), changedTouches: at(x) }),
      )
    fire('touchstart', 330)
    for (const x of [280, 200, 90]) fire('touchmove', x)
    fire('touchend', 90)
  })
  await expect(page).toHaveURL(new RegExp(`/tickets/${older}$`))
  await acts.getByRole('button', { name: 'Solve' }).click()
  await expect(acts.getByRole('button', { name: 'Reopen' })).toBeVisible()
  await expect.poll(async () => (await read(page, older)).status).toBe('solved')
})

test('one follows a ticket, and adds and removes others', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Followed')
  await openTicket(page, id)
  const card = page.getByRole('region', { name: 'Followers' })
  const following = async () =>
    (await (await page.request.get(`/api/tickets/${id}/followers`)).json()).items.map(
      ({ name }: { name: string }) => name,
    )
  await card.getByRole('button', { name: 'Follow', exact: true }).click()
  await expect(card.getByText('Maya Okafor')).toBeVisible()
  await card.getByRole('button', { name: 'Add a follower' }).click()
  await page.keyboard.type('priya')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect.poll(following).toEqual(['Maya Okafor', 'Priya Raman'])
  await card.getByRole('button', { name: 'Priya Raman no longer follows' }).click()
  await card.getByRole('button', { name: 'Stop following' }).click()
  await expect.poll(following).toEqual([])
  await expect(card.getByText('No one follows this ticket.')).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`the details have no barrier in the ${colorScheme} theme, with a list open`, async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test', { colorScheme })
    const skilled = { required_skills: { german: 2 }, tags: ['one'], custom: { platforms: ['ios'] } }
    await openTicket(page, await makeTicket(page, 'Who can read the details?', skilled))
    await expect(page.getByRole('region', { name: 'Times' })).toBeVisible()
    await expectClean(page)
    await page.keyboard.press('a')
    await expect(page.getByRole('listbox', { name: 'Assignee' }).getByRole('option').first()).toBeVisible()
    await expectClean(page)
  })
