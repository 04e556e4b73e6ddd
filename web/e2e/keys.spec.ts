import { expect, type Page } from '@playwright/test'
import { colleague, editor, makeTicket, openTicket, signIn, withForm } from './support'
import { test } from './test'

const ticket = async (page: Page, id: number) => (await page.request.get(`/api/tickets/${id}`)).json()
const press = async (page: Page, keys: string) => {
  for (const key of keys.split(' ')) await page.keyboard.press(key)
}

/** A new ticket, with all that stands beside it. */
async function open(page: Page, subject: string) {
  const id = await makeTicket(page, subject)
  await openTicket(page, id)
  await expect(page.getByRole('button', { name: 'Add a follower' })).toBeVisible()
  return id
}

test('by keys alone: subject, status, language and skills of a ticket', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await open(page, 'Everything by keys')

  await press(page, 'v t')
  await expect(page.getByRole('textbox', { name: 'Subject' })).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.type(', also this')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await ticket(page, id)).subject).toBe('Everything by keys, also this')

  await press(page, 'v s')
  await expect(page.getByRole('combobox', { name: 'Status' })).toBeFocused()
  await page.keyboard.type('On hold')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await ticket(page, id)).status).toBe('on_hold')

  await press(page, 'v l')
  await expect(page.getByRole('combobox', { name: 'Language' })).toBeFocused()
  await page.keyboard.type('Swedish')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await ticket(page, id)).language).toBe('sv')

  const skills = (await (await page.request.get('/api/skills?limit=1')).json()).items
  await press(page, 'v k')
  await expect(page.getByRole('combobox', { name: 'Add a skill' })).toBeFocused()
  await page.keyboard.type(skills[0].name)
  await page.keyboard.press('Enter')
  await expect.poll(async () => Object.keys((await ticket(page, id)).required_skills)).toEqual([skills[0].name])
})

test('by keys alone: who asks, and for which organization', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await open(page, 'Somebody else by keys')
  await press(page, 'v o')
  await expect(page.getByRole('combobox', { name: 'Change the organization' })).toBeFocused()
  const { items } = await (await page.request.get('/api/organizations?limit=2&sort=name')).json()
  const own = (await ticket(page, id)).organization?.id
  const other = items.find((each: { id: number }) => each.id !== own)
  await page.keyboard.type(other.name)
  await page.getByRole('option', { name: other.name }).first().waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await ticket(page, id)).organization?.id).toBe(other.id)

  await press(page, 'v r')
  await expect(page.getByRole('combobox', { name: 'Change the requester' })).toBeFocused()
  const before = (await ticket(page, id)).requester.id
  const people = (await (await page.request.get('/api/users?role=customer&limit=5&sort=name')).json()).items
  const person = people.find((each: { id: number; active: boolean }) => each.id !== before)
  await page.keyboard.type(person.email ?? person.name)
  await page.getByRole('option', { name: person.name }).first().waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await ticket(page, id)).requester.id).toBe(person.id)
})

test('by keys alone: followers, who is in copy, and the form', async ({ browser }) => {
  await withForm([], [], async (form) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await open(page, 'More by keys')
    const followers = async (kind: string) =>
      (await (await page.request.get(`/api/tickets/${id}/followers`)).json()).items
        .filter((each: { kind: string }) => each.kind === kind)
        .map((each: { name: string | null; email: string | null }) => each.name ?? each.email)

    await press(page, 'v w')
    await page.keyboard.type('Priya')
    await page.keyboard.press('Enter')
    await expect.poll(() => followers('follower')).toContain('Priya Raman')
    await page.keyboard.press('Escape')

    await press(page, 'v f')
    await expect(page.getByRole('combobox', { name: 'Form' })).toBeFocused()
    const { name } = await (await page.request.get(`/api/ticket-forms/${form}`)).json()
    await page.keyboard.type(name)
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await ticket(page, id)).form?.id).toBe(form)

    await press(page, 'v c')
    await expect(page.getByRole('combobox', { name: 'Add to Cc' })).toBeFocused()
    await page.keyboard.type('copy@elsewhere.example')
    await page.getByRole('option', { name: 'Add copy@elsewhere.example' }).waitFor()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('list', { name: 'Cc' })).toContainText('copy@elsewhere.example')
    await expect(editor(page, 'Reply')).toBeVisible()
  })
})

test('u marks the ticket one reads as unread and leads back, and undo takes the mark away', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const word = `Unread${Date.now()}`
  const id = await makeTicket(page, word)
  await page.goto(`/?q=${word}`)
  const row = page.locator(`[data-ticket="${id}"]`)
  const read = page.waitForResponse((reply) => reply.url().endsWith(`/api/tickets/${id}/read`))
  await row.getByRole('link').click()
  await read
  await page.keyboard.press('u')
  await expect(page.getByRole('grid', { name: 'Tickets' })).toBeVisible()
  await expect(row.getByRole('img', { name: 'Unread' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(row.getByRole('img', { name: 'Unread' })).toHaveCount(0)
})

test('from the beginning of a ticket’s page the tag field is at most twelve Tabs away', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 1440, height: 900 } })
  await open(page, 'Far away')
  // As a page that has just come: nobody has been anywhere yet.
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    document.body.tabIndex = -1
    document.body.focus()
  })
  let tabs = 0
  const tab = async () => {
    await page.keyboard.press('Tab')
    tabs++
  }
  const focused = (name: string, role: 'link' | 'button' | 'combobox') =>
    page.getByRole(role, { name }).evaluate((element) => element === document.activeElement)
  await tab()
  expect(await focused('Skip to the page', 'link')).toBe(true)
  await page.keyboard.press('Enter')
  await tab()
  expect(await focused('Skip to the properties', 'button')).toBe(true)
  await page.keyboard.press('Enter')
  while (tabs < 12 && !(await focused('Add a tag', 'combobox'))) await tab()
  expect(await focused('Add a tag', 'combobox')).toBe(true)
})

test('a customer’s page has keys: a ticket for them, their name, a note, a merge', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const admin = await colleague('admin@demo.test')
  const name = `Keys ${Date.now()}`
  const made = await admin.request.post('/api/users', {
    data: { name, email: `keys${Date.now()}@elsewhere.example`, role: 'customer' },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { id } = await made.json()
  await page.goto(`/customers/${id}`)
  await expect(page.getByRole('region', { name })).toBeVisible()

  await page.keyboard.press('e')
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await page.keyboard.press('Escape')

  await page.keyboard.press('n')
  await page.keyboard.type('Calls on Mondays')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('button', { name: 'Add a note' })).toBeVisible()
  await expect(page.getByText('Calls on Mondays')).toBeVisible()

  await page.keyboard.press('c')
  const creation = page.getByRole('dialog', { name: 'New ticket' })
  await expect(creation.getByLabel("Requester's e-mail")).toHaveValue(/^keys/)
  await page.keyboard.press('Escape')
  await expect(creation).toHaveCount(0)

  await page.keyboard.press('Shift+M')
  await expect(page.getByRole('dialog', { name: /Merge/ })).toBeVisible()
})
