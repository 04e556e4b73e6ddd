import { expect, type Locator, type Page } from '@playwright/test'
import { changeTicket, colleague, expectClean, makeTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

const heads = (page: Page) => page.getByRole('columnheader')

/** The names of the columns in their order; the first is the box that selects all. */
const columns = async (page: Page) =>
  (await heads(page).evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))).filter(Boolean)

const display = (page: Page) => page.getByRole('dialog', { name: 'Display' })

async function openDisplay(page: Page) {
  await page.getByRole('button', { name: 'Display' }).click()
  await expect(display(page)).toBeVisible()
}

const shown = (page: Page) => display(page).getByRole('list', { name: 'Columns shown, in their order' })

const width = async (of: Locator) => Math.round((await of.boundingBox())?.width ?? 0)

test('columns are shown, hidden and put in order by buttons, by keys and by dragging', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await expect
    .poll(() => columns(page))
    .toEqual(['ID', 'Priority', 'Status', 'Subject', 'Tags', 'Requester', 'Via', 'Assignee', 'Updated'])
  await openDisplay(page)
  await expectClean(page)
  await display(page).getByRole('checkbox', { name: 'Tags' }).uncheck()
  await display(page).getByRole('checkbox', { name: 'Via' }).uncheck()
  // Where it naturally stands.
  await display(page).getByRole('checkbox', { name: 'Team' }).check()
  await expect
    .poll(() => columns(page))
    .toEqual(['ID', 'Priority', 'Status', 'Subject', 'Requester', 'Team', 'Assignee', 'Updated'])
  await expect(display(page).getByRole('checkbox', { name: 'Subject' })).toBeDisabled()
  await display(page).getByRole('button', { name: 'Move Requester up' }).click()
  await expect.poll(async () => (await columns(page)).slice(3, 5)).toEqual(['Requester', 'Subject'])
  await expect(page.getByRole('status').filter({ hasText: 'Requester is column 4 of 8' })).toBeAttached()
  await display(page).getByRole('checkbox', { name: 'Updated' }).focus()
  await page.keyboard.press('Alt+ArrowUp')
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(async () => (await columns(page)).slice(5)).toEqual(['Updated', 'Team', 'Assignee'])
  await expect(display(page).getByRole('checkbox', { name: 'Updated' })).toBeFocused()
  await shown(page)
    .getByRole('listitem')
    .filter({ hasText: 'Assignee' })
    .dragTo(shown(page).getByRole('listitem').filter({ hasText: 'Status' }))
  await expect.poll(async () => (await columns(page)).slice(0, 4)).toEqual(['ID', 'Priority', 'Assignee', 'Status'])
  await expect(page).toHaveURL(/columns=id,priority,assignee,status,requester,subject,updated_at,team/)
  await page.reload()
  await expect
    .poll(() => columns(page))
    .toEqual(['ID', 'Priority', 'Assignee', 'Status', 'Requester', 'Subject', 'Updated', 'Team'])
})

test('the columns, the order and the groups that Display sets belong to the view they are saved in', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Shaped ${Date.now()}`
  await openDisplay(page)
  await display(page).getByRole('checkbox', { name: 'Tags' }).uncheck()
  await display(page).getByRole('button', { name: 'Move Requester up' }).click()
  await display(page).getByRole('combobox', { name: 'Sort by' }).selectOption('Created')
  await display(page).getByRole('combobox', { name: 'Group by' }).selectOption('Priority')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('row', { name: /(Urgent|High|Normal|Low) \d+$/ }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Save as…' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Save the view' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
  await page.reload()
  await expect
    .poll(() => columns(page))
    .toEqual(['ID', 'Priority', 'Status', 'Requester', 'Subject', 'Via', 'Assignee', 'Updated'])
  await expect(page.getByRole('row', { name: /(Urgent|High|Normal|Low) \d+$/ }).first()).toBeVisible()
  await openDisplay(page)
  await expect(display(page).getByRole('combobox', { name: 'Sort by' })).toHaveValue('created_at')
})

test('a column is made wider by dragging its edge and by keys, and is given its width back', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const head = page.getByRole('columnheader', { name: 'Requester' })
  await expect(head).toBeVisible()
  const made = await width(head)
  const edge = page.getByTitle('Width of the column Requester')
  const box = await edge.boundingBox()
  const [x, y] = [(box?.x ?? 0) + 6, (box?.y ?? 0) + 8]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 40, y, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => width(head)).toBe(made + 40)
  await head.getByRole('button').focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect.poll(() => width(head)).toBe(made + 24)
  await page.reload()
  await expect.poll(() => width(head)).toBe(made + 24)
  await edge.dblclick()
  await expect.poll(() => width(head)).toBe(made)
  await head.getByRole('button').focus()
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(() => width(head)).toBe(made + 16)
  await openDisplay(page)
  await page.getByRole('button', { name: 'Reset the widths' }).click()
  await expect.poll(() => width(head)).toBe(made)
})

test('rows are as high as one chooses, and stay so', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const height = async () => (await page.locator('[data-ticket]').first().boundingBox())?.height
  for (const [name, pixels] of [
    ['Compact', 32],
    ['Roomy', 48],
  ] as const) {
    await openDisplay(page)
    await display(page).getByRole('radio', { name }).click()
    await expect(display(page).getByRole('radio', { name })).toBeChecked()
    await expect.poll(height).toBe(pixels)
    await page.keyboard.press('Escape')
    await expect(display(page)).toHaveCount(0)
  }
  await page.reload()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await expect.poll(height).toBe(48)
})

test('the counts beside the views and at the head of the list follow what colleagues do', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const priya = await colleague()
  const word = `Count${Date.now()}`
  const made = await page.request.post('/api/views', {
    headers,
    data: { name: word, conditions: { field: 'subject', op: 'contains', value: word } },
  })
  expect(made.status()).toBe(201)
  await page.goto(`/?view=${(await made.json()).id}`)
  const link = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: new RegExp(`^${word}`) })
  await expect(link).toHaveText(`${word}0`)
  const mine = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^Assigned to me/ })
  const before = Number((await mine.innerText()).replace(/\D/g, ''))
  const id = await makeTicket(priya, `${word} one`, { priority: 'low' })
  await makeTicket(priya, `${word} two`, { priority: 'low' })
  await expect(link).toHaveText(`${word}2`)
  const assignee = (await (await page.request.get('/api/me')).json()).id
  await changeTicket(priya, id, { assignee_id: null })
  await expect.poll(async () => Number((await mine.innerText()).replace(/\D/g, ''))).toBeLessThanOrEqual(before + 1)
  const free = Number((await mine.innerText()).replace(/\D/g, ''))
  await changeTicket(priya, id, { assignee_id: assignee })
  await expect.poll(async () => Number((await mine.innerText()).replace(/\D/g, ''))).toBeGreaterThan(free)
})

test('a view of a customer and of an organization opens as chips again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const stamp = Date.now()
  const add = async (path: string, data: object) => {
    const reply = await page.request.post(path, { headers, data })
    expect(reply.status(), await reply.text()).toBe(201)
    return reply.json()
  }
  const organization = await add('/api/organizations', { name: `Chips ${stamp}` })
  const person = await add('/api/users', {
    role: 'customer',
    name: `Pia Chips ${stamp}`,
    email: `pia.${stamp}@people.example`,
    organization_id: organization.id,
  })
  await makeTicket(page, `About chips ${stamp}`, { requester: { email: `pia.${stamp}@people.example` } })
  for (const [query, chip] of [
    [`organization=${organization.id}`, `Organization: Chips ${stamp}. Change`],
    [`requester=${person.id}`, `Requester: Pia Chips ${stamp}. Change`],
  ]) {
    const name = `Of ${query} ${stamp}`
    await page.goto(`/?${query}`)
    await expect(page.getByRole('button', { name: chip })).toBeVisible()
    await page.getByRole('button', { name: 'Save as…' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('button', { name: 'Save the view' }).click()
    await expect(page.getByRole('heading', { name })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('button', { name: chip })).toBeVisible()
    await expect(page.locator('[data-ticket]')).toHaveCount(1)
    // It is changed as any other filter is.
    await page
      .getByRole('button', { name: `Remove the filter ${query?.startsWith('org') ? 'Organization' : 'Requester'}` })
      .click()
    await expect(page.getByText('Edited', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect(page.getByRole('button', { name: chip })).toBeVisible()
  }
})

test('whoever leads a team shares a view with it: its members see it, others do not', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Team view ${Date.now()}`
  await page.goto('/?priority=urgent')
  await page.getByRole('button', { name: 'Save as…' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  const sees = page.getByRole('combobox', { name: 'Who sees it' })
  await expect(sees.getByRole('option')).toHaveText(['Only you', 'The team Billing'])
  await sees.selectOption('The team Billing')
  await page.getByRole('button', { name: 'Save the view' }).click()
  await expect(page.getByRole('region', { name: 'Billing team' }).getByRole('link', { name })).toBeVisible()

  const lucia = await signIn(browser, 'lucia@demo.test')
  const theirs = lucia.getByRole('region', { name: 'Billing team' })
  await theirs.getByRole('link', { name }).click()
  await expect(lucia.getByRole('button', { name: 'Priority: Urgent. Change' })).toBeVisible()
  // It is not hers to change.
  await lucia.getByRole('columnheader', { name: 'Subject' }).getByRole('button').click()
  await expect(lucia.getByText('Edited', { exact: true })).toBeVisible()
  await expect(lucia.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0)

  const aiko = await signIn(browser, 'aiko@demo.test')
  await expect(aiko.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^All open/ })).toBeVisible()
  await expect(aiko.getByRole('link', { name })).toHaveCount(0)
})
