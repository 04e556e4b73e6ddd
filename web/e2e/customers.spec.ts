import { expect, type Page } from '@playwright/test'
import { expectClean, makeTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

async function add(page: Page, path: string, data: object) {
  const reply = await page.request.post(path, { headers, data })
  expect(reply.status(), await reply.text()).toBe(201)
  return reply.json()
}

const makeCustomer = (page: Page, name: string, more: object = {}): Promise<{ id: number; email: string }> =>
  add(page, '/api/users', {
    role: 'customer',
    name,
    email: `${name.toLowerCase().replace(/\W+/g, '.')}.${Date.now()}@people.example`,
    ...more,
  })

test('g c leads to the customers, where a person is found and opened by keyboard', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Quill${Date.now()} Harper`
  await makeCustomer(page, name)
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { name: 'All people' })).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type(name.slice(0, 14))
  await expect(page.getByRole('list', { name: 'All people' }).getByRole('listitem')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
  await expect(page.getByRole('navigation', { name: 'Customers' }).getByRole('link', { name })).toBeVisible()
})

test('a person and an organization are added where they are missing', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const stamp = Date.now()
  await page.goto('/organizations')
  await page.getByRole('button', { name: 'New organization' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill(`Lark ${stamp}`)
  await page.getByRole('textbox', { name: 'Domains' }).fill(`lark${stamp}.example`)
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`Lark ${stamp}`)
  await page.getByRole('button', { name: 'New person' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Pia Lark')
  await page.getByRole('textbox', { name: 'E-mail' }).fill('no address')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await page.getByRole('textbox', { name: 'E-mail' }).fill(`pia@lark${stamp}.example`)
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Pia Lark')
  await expect(page.getByRole('region', { name: 'Organization' })).toContainText(`Lark ${stamp}`)
})

test('the lists tell how many tickets each person and organization has, open and in all', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const stamp = Date.now()
  const { id: organization_id } = await add(page, '/api/organizations', { name: `Counted ${stamp}` })
  const asks = await makeCustomer(page, `Asks${stamp} Often`, { organization_id })
  await makeCustomer(page, `Asks${stamp} Never`, { organization_id })
  const of = { requester: { email: asks.email }, team_id: 1 }
  const solved = await makeTicket(page, 'Counted as solved', of)
  await makeTicket(page, 'Counted as open', of)
  await makeTicket(page, 'Counted as open, too', of)
  const reply = await page.request.post(`/api/tickets/${solved}/solve`, { headers, data: {} })
  expect(reply.ok(), await reply.text()).toBe(true)
  // One question for each number, whatever the length of the list.
  const asked: string[] = []
  page.on('request', (request) => request.url().includes('/api/tickets/total') && asked.push(request.url()))
  await page.goto(`/customers?q=Asks${stamp}`)
  const person = (name: string) => page.getByRole('listitem').filter({ hasText: `Asks${stamp} ${name}` })
  await expect(person('Often')).toContainText('2 open, 3 in all')
  await expect(person('Never')).toContainText('0 open, 0 in all')
  expect(asked).toHaveLength(2)
  await expectClean(page)
  await page.goto(`/organizations?q=Counted ${stamp}`)
  await expect(page.getByRole('listitem').filter({ hasText: `Counted ${stamp}` })).toContainText('2 open, 3 in all')
})

test('contact and fields are edited in place, and what is refused stays beside the reason', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { id } = await makeCustomer(page, 'Ines Field')
  await page.goto(`/customers/${id}`)
  const contact = page.getByRole('region', { name: 'Contact' }).first()
  await contact.getByRole('button', { name: 'Telephone, edit' }).click()
  await page.getByRole('textbox', { name: 'Telephone' }).fill('+49 30 5550142')
  await page.keyboard.press('Enter')
  await expect(contact.getByRole('button', { name: /Telephone: \+49 30 5550142/ })).toBeFocused()
  await contact.getByRole('button', { name: /^E-mail/ }).click()
  await page.getByRole('textbox', { name: 'E-mail' }).fill('nonsense')
  await page.keyboard.press('Enter')
  await expect(contact.getByRole('alert')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'E-mail' })).toHaveValue('nonsense')
  await page.getByRole('textbox', { name: 'E-mail' }).press('Escape')

  const fields = page.getByRole('region', { name: 'Fields' }).first()
  await fields.getByRole('button', { name: 'Add a field' }).click()
  await page.getByRole('textbox', { name: 'Name of the field' }).fill('Contract')
  await page.getByRole('textbox', { name: 'Value' }).fill('MSA-118')
  await page.keyboard.press('Enter')
  await expect(fields.getByRole('button', { name: 'Contract: MSA-118, edit' })).toBeVisible()
  await page.reload()
  await expect(fields.getByRole('button', { name: 'Contract: MSA-118, edit' })).toBeVisible()
})

test('notes are added, pinned, and taken back after they were removed', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { id } = await makeCustomer(page, 'Nora Note')
  await page.goto(`/customers/${id}`)
  const notes = page.getByRole('region', { name: 'Notes' }).first()
  await notes.getByRole('button', { name: 'Add a note' }).click()
  await page.keyboard.type('Call before a Friday.')
  await page.keyboard.press('Control+Enter')
  await expect(notes.getByRole('listitem').getByText('Call before a Friday.')).toBeVisible()
  await expect(notes.getByText(/^You, /)).toBeVisible()
  await notes.getByRole('button', { name: 'Note', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Pin' }).click()
  await expect(notes.getByText('Pinned')).toBeVisible()
  // Above the history as well.
  await expect(page.getByText('Call before a Friday.')).toHaveCount(2)
  await notes.getByRole('button', { name: 'Note', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await expect(page.getByText('Call before a Friday.')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(notes.getByText('Call before a Friday.')).toBeVisible()
})

test('the history and the tickets of a customer are gone through by j, k and Enter', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { id, email } = await makeCustomer(page, 'Hugo History')
  const ticket = await makeTicket(page, 'Where is my parcel?', { requester: { email } })
  await page.goto(`/customers/${id}`)
  await expect(page.getByRole('region', { name: 'Overview' })).toContainText('Not solved1')
  await page.keyboard.press('j')
  await expect(page.getByRole('link', { name: 'Where is my parcel?' })).toBeFocused()
  await page.getByRole('tab', { name: 'Tickets' }).click()
  await expect(page.getByRole('list', { name: 'Tickets' }).getByRole('listitem')).toHaveCount(1)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tickets/${ticket}$`))
})

test('two entries of one person are merged after a preview and a second question', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const stamp = String(Date.now())
  const old = await makeCustomer(page, `Mira Twin${stamp}`)
  const kept = await makeCustomer(page, `Mira B Twin${stamp}`)
  await makeTicket(page, 'From the old address', { requester: { email: old.email } })
  await page.goto(`/customers/${old.id}`)
  await page.getByRole('button', { name: 'Merge…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('option', { name: new RegExp(`Mira B Twin${stamp}`) }).click()
  await expect(dialog.getByRole('region', { name: 'Merged' })).toContainText('1 ticket')
  await expect(dialog.getByText('This cannot be undone.')).toBeVisible()
  await expectClean(page)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog.getByRole('alert')).toContainText('permanently?')
  await dialog.getByRole('button', { name: 'Merge permanently' }).click()
  await expect(page).toHaveURL(new RegExp(`/customers/${kept.id}$`))
  await expect(page.getByRole('link', { name: 'From the old address' }).first()).toBeVisible()
  await page.goto(`/customers/${old.id}`)
  await page.getByRole('link', { name: 'Go to the merged customer' }).click()
  await expect(page).toHaveURL(new RegExp(`/customers/${kept.id}$`))
})

test('records of the desk’s own objects are listed, added, edited and shown with their tickets', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const admin = await signIn(browser, 'admin@demo.test')
  const key = `asset_${Date.now()}`
  const type = await add(admin, '/api/object-types', { key, name: 'Asset', plural_name: 'Assets' })
  await add(admin, '/api/object-fields', {
    object_type_id: type.id,
    key: 'serial',
    label: 'Serial number',
    type: 'text',
  })
  await add(admin, '/api/custom-fields', {
    key: `rel_${key}`,
    label: 'Asset concerned',
    type: 'relation',
    config: { target: `object:${key}` },
  })
  await page.goto(`/objects/${key}`)
  await page.getByRole('button', { name: 'New Asset' }).first().click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Laptop 7')
  await page.getByRole('textbox', { name: 'Serial number' }).fill('SN-1')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Laptop 7')
  await page.getByRole('button', { name: 'Serial number: SN-1, edit' }).click()
  await page.getByRole('textbox', { name: 'Serial number' }).fill('SN-2')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Serial number: SN-2, edit' })).toBeVisible()
  const record = Number(new URL(page.url()).pathname.split('/').at(-1))
  await makeTicket(page, 'The laptop is loud', { custom: { [`rel_${key}`]: record } })
  await page.reload()
  await expect(page.getByRole('link', { name: 'The laptop is loud' })).toBeVisible()
  await expectClean(page)
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`the pages of customers have no serious barrier in the ${colorScheme} theme`, async ({ browser }) => {
    test.slow()
    const page = await signIn(browser, 'maya@demo.test', { colorScheme })
    await page.goto('/customers')
    await expect(page.getByRole('list', { name: 'All people' }).getByRole('link').first()).toBeVisible()
    await expectClean(page)
    await page.getByRole('list', { name: 'All people' }).getByRole('link').first().click()
    await expect(page.getByRole('tab', { name: 'History' })).toBeVisible()
    await expect(page.getByRole('tabpanel').getByRole('link').first()).toBeVisible()
    await expectClean(page)
    await page.getByRole('region', { name: 'Organization' }).first().getByRole('link').click()
    await page.getByRole('tab', { name: 'People' }).click()
    await expect(page.getByRole('list', { name: 'People' }).getByRole('link').first()).toBeVisible()
    await expectClean(page)
    await page.goto('/customers?q=nobodyofthisname')
    await expect(page.getByText('No customers found')).toBeVisible()
    await expectClean(page)
    await page.route('**/api/users?**', (route) => route.fulfill({ status: 500, json: { detail: 'It broke' } }))
    await page.goto('/customers?q=x')
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible({ timeout: 20_000 })
    await expectClean(page)
  })
