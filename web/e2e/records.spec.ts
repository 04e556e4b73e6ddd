import { type BrowserContext, expect, type Page } from '@playwright/test'
import { breakPath } from './states'
import { colleague, expectClean, makeTicket, readAnew, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

type Desk = { request: Page['request'] }

async function add(desk: Desk, path: string, data: object) {
  const reply = await desk.request.post(path, { headers, data })
  expect(reply.status(), await reply.text()).toBe(201)
  return reply.json()
}

const read = async (desk: Desk, id: number) => (await desk.request.get(`/api/object-records/${id}`)).json()

// One log-in for all: each test begins with a page of its own.
let maya: BrowserContext

test.beforeAll(async ({ browser }) => {
  maya = (await signIn(browser, 'maya@demo.test')).context()
})
test.afterAll(async () => {
  await maya.close()
  const admin = await colleague('admin@demo.test')
  for (const path of made) await admin.request.patch(path, { data: { active: false } })
})

/** What is taken out of use again: nobody else's tickets ask for it. */
const made: string[] = []

/** A type of objects of its own with a field of each kind, and a ticket field that points to it. */
async function makeType() {
  const admin = await colleague('admin@demo.test')
  const key = `asset_${Date.now()}`
  const type = await add(admin, '/api/object-types', { key, name: 'Asset', plural_name: 'Assets' })
  const field = (data: object) => add(admin, '/api/object-fields', { object_type_id: type.id, ...data })
  await field({ key: 'serial', label: 'Serial number', type: 'text', position: 1 })
  await field({ key: 'seats', label: 'Seats', type: 'integer', config: { min: 1 }, position: 2 })
  await field({ key: 'bought', label: 'Bought on', type: 'date', position: 3 })
  await field({ key: 'leased', label: 'Leased', type: 'boolean', position: 4 })
  const options = [
    { value: 'new', label: 'As new' },
    { value: 'worn', label: 'Worn' },
  ]
  await field({ key: 'state', label: 'Condition', type: 'dropdown', config: { options }, position: 5 })
  const parts = [
    { value: 'bag', label: 'Bag' },
    { value: 'mouse', label: 'Mouse' },
  ]
  await field({ key: 'parts', label: 'Parts', type: 'multiselect', config: { options: parts }, position: 6 })
  await field({ key: 'owner', label: 'Owner', type: 'relation', config: { target: 'organization' }, position: 7 })
  await field({ key: 'spare', label: 'Spare', type: 'relation', config: { target: `object:${key}` }, position: 8 })
  const concerned = await add(admin, '/api/custom-fields', {
    key: `rel_${key}`,
    label: 'Asset concerned',
    type: 'relation',
    config: { target: `object:${key}` },
  })
  made.push(`/api/custom-fields/${concerned.id}`, `/api/object-types/${type.id}`)
  return { key, admin }
}

/** Chooses in a list that is found by typing. */
async function choose(page: Page, button: string, typed: string) {
  await page.getByRole('button', { name: button }).click()
  await expect(page.getByRole('combobox', { name: button })).toBeFocused()
  await page.keyboard.type(typed)
  await page.getByRole('option', { name: typed }).click()
  await expect(page.getByRole('listbox')).toHaveCount(0)
}

test('a record is made and edited with a control for each kind of field, and shown with its tickets', async () => {
  const { key, admin } = await makeType()
  const spare = await add(admin, '/api/object-records', { type: key, name: 'Laptop 6' })
  const other = await add(admin, '/api/object-records', { type: key, name: 'Laptop 5' })
  const organization = await add(admin, '/api/organizations', { name: `Owner ${key}` })
  const page = await maya.newPage()
  await page.goto(`/objects/${key}`)
  await page.getByRole('button', { name: 'New Asset' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New Asset' })
  await dialog.getByLabel('Name', { exact: true }).fill('Laptop 7')
  await dialog.getByLabel('Serial number').fill('SN-1')
  await dialog.getByLabel('Seats').fill('0')
  await dialog.getByLabel('Bought on').fill('2026-03-04')
  await dialog.getByRole('checkbox', { name: 'Leased' }).check()
  await dialog.getByRole('combobox', { name: 'Condition' }).selectOption('As new')
  await dialog.getByRole('group', { name: 'Parts' }).getByRole('checkbox', { name: 'Mouse' }).check()
  await choose(page, 'Owner', `Owner ${key}`)
  await expectClean(page)
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  // What is refused is said beside its field.
  await expect(dialog.getByLabel('Seats')).toHaveAccessibleDescription(/minimum of 1/)
  await dialog.getByLabel('Seats').fill('3')
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Laptop 7')
  const id = Number(new URL(page.url()).pathname.split('/').at(-1))
  expect((await read(page, id)).custom).toEqual({
    serial: 'SN-1',
    seats: 3,
    bought: '2026-03-04',
    leased: true,
    state: 'new',
    parts: ['mouse'],
    owner: organization.id,
  })

  await page.getByLabel('Serial number').fill('SN-2')
  await page.getByLabel('Serial number').press('Enter')
  await page.getByLabel('Bought on').fill('2026-05-06')
  await page.getByLabel('Bought on').press('Enter')
  // A box shows the value of the record, which is drawn a moment after the click.
  await page.getByRole('checkbox', { name: 'Leased' }).click()
  await expect(page.getByRole('checkbox', { name: 'Leased' })).not.toBeChecked()
  await page.getByRole('combobox', { name: 'Condition' }).selectOption('Worn')
  await page.getByRole('checkbox', { name: 'Bag' }).click()
  await expect(page.getByRole('checkbox', { name: 'Bag' })).toBeChecked()
  await choose(page, 'Spare', 'Laptop 6')
  await expect
    .poll(async () => (await read(page, id)).custom)
    .toMatchObject({
      serial: 'SN-2',
      bought: '2026-05-06',
      leased: false,
      state: 'worn',
      parts: ['bag', 'mouse'],
      spare: spare.id,
    })
  // A relation that is set can be changed, and taken away.
  await choose(page, 'Spare', 'Laptop 5')
  await expect.poll(async () => (await read(page, id)).custom.spare).toBe(other.id)
  await expect(page.getByRole('link', { name: 'Open Laptop 5' })).toHaveAttribute('href', new RegExp(`/${other.id}$`))
  await page.getByRole('button', { name: 'Spare' }).click()
  await page.getByRole('option', { name: 'Nothing' }).click()
  await expect.poll(async () => (await read(page, id)).custom.spare).toBeUndefined()

  await makeTicket(page, 'The laptop is loud', { custom: { [`rel_${key}`]: id } })
  await page.reload()
  await expect(page.getByRole('link', { name: 'The laptop is loud' })).toBeVisible()
  await expectClean(page)
})

test('a change of a record is shown at once, and put back with its reason when it is refused', async () => {
  const { key, admin } = await makeType()
  const { id } = await add(admin, '/api/object-records', { type: key, name: 'Laptop 8', custom: { seats: 2 } })
  const page = await maya.newPage()
  await page.goto(`/objects/${key}/${id}`)
  const seats = page.getByLabel('Seats')
  await seats.fill('0')
  await seats.press('Enter')
  await expect(seats).toHaveAccessibleDescription(/minimum of 1/)
  await expect(seats).toHaveValue('0')
  await page.getByRole('button', { name: 'Discard changes' }).click()
  await expect(seats).toHaveValue('2')
  await breakPath(page, `**/api/object-records/${id}`)
  const leased = page.getByRole('checkbox', { name: 'Leased' })
  await leased.click()
  await expect(page.getByRole('alert')).toContainText('Something went wrong on our side')
  expect((await read(admin, id)).custom).toEqual({ seats: 2 })
})

test('what somebody else sets in a record while it is being written is asked about', async () => {
  const { key, admin } = await makeType()
  const custom = { serial: 'SN-1', seats: 2 }
  const { id } = await add(admin, '/api/object-records', { type: key, name: 'Laptop 10', custom })
  const page = await maya.newPage()
  await page.goto(`/objects/${key}/${id}`)
  const serial = page.getByLabel('Serial number')
  await serial.fill('SN-Maya')
  const theirs = await admin.request.patch(`/api/object-records/${id}`, {
    headers,
    data: { name: 'Laptop X', custom: { serial: 'SN-Priya' } },
  })
  expect(theirs.status(), await theirs.text()).toBe(200)
  await readAnew(page, `/api/object-records/${id}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Laptop X')
  await serial.press('Enter')
  const asked = page.getByRole('alert', { name: 'Changed by two people' })
  await expect(asked).toContainText('SN-Priya')
  expect((await read(admin, id)).custom).toMatchObject({ serial: 'SN-Priya' })
  await asked.getByRole('button', { name: 'Serial number: keep yours, SN-Maya' }).click()
  await expect.poll(async () => (await read(admin, id)).custom).toEqual({ serial: 'SN-Maya', seats: 2 })

  await page.getByRole('button', { name: /^Name: / }).click()
  const name = page.getByRole('textbox', { name: 'Name' })
  await name.fill('What Maya calls it')
  await admin.request.patch(`/api/object-records/${id}`, { headers, data: { name: 'What Priya calls it' } })
  await readAnew(page, `/api/object-records/${id}`)
  await name.press('Enter')
  await asked.getByRole('button', { name: 'Name: keep theirs, What Priya calls it' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('What Priya calls it')
})

test('a record is deleted after a question that says what is lost', async () => {
  const { key, admin } = await makeType()
  const { id } = await add(admin, '/api/object-records', { type: key, name: 'Laptop 9' })
  const page = await maya.newPage()
  const ticket = await makeTicket(page, 'It will lose its laptop', { custom: { [`rel_${key}`]: id } })
  await page.goto(`/objects/${key}/${id}`)
  await expect(page.getByRole('link', { name: 'It will lose its laptop' })).toBeVisible()
  await page.getByRole('button', { name: 'Delete…' }).click()
  const question = page.getByRole('dialog', { name: 'Delete Laptop 9?' })
  await expect(question).toContainText('1 ticket refers to it. Its field becomes empty.')
  await expect(question).toContainText('This cannot be undone.')
  await expectClean(page)
  await question.getByRole('button', { name: 'Cancel' }).click()
  expect((await read(admin, id)).name).toBe('Laptop 9')
  // From the palette as well.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('Delete')
  await page.getByRole('option', { name: 'Delete…' }).click()
  await question.getByRole('button', { name: 'Delete permanently' }).click()
  await expect(page).toHaveURL(new RegExp(`/objects/${key}$`))
  await expect(page.getByText('Deleted Laptop 9')).toBeVisible()
  expect((await admin.request.get(`/api/object-records/${id}`)).status()).toBe(404)
  const left = await (await page.request.get(`/api/tickets/${ticket}`)).json()
  expect(left.custom[`rel_${key}`] ?? null).toBeNull()
})

test('an admin deletes people without tickets and organizations, and an agent is not offered it', async ({
  browser,
}) => {
  const admin = await signIn(browser, 'admin@demo.test')
  const stamp = Date.now()
  const organization = await add(admin, '/api/organizations', { name: `Gone ${stamp}` })
  const person = await add(admin, '/api/users', {
    role: 'customer',
    name: `Gone Person ${stamp}`,
    email: `gone.${stamp}@people.example`,
    organization_id: organization.id,
  })
  const busy = await add(admin, '/api/users', {
    role: 'customer',
    name: `Busy Person ${stamp}`,
    email: `busy.${stamp}@people.example`,
  })
  await makeTicket(admin, 'Of somebody who stays', { requester: { email: `busy.${stamp}@people.example` } })

  await admin.goto(`/organizations/${organization.id}`)
  await admin.getByRole('button', { name: 'Delete…' }).click()
  await expect(admin.getByRole('dialog')).toContainText('Its people stay, without an organization.')
  await admin.getByRole('button', { name: 'Delete permanently' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Organizations' })).toBeVisible()
  expect((await admin.request.get(`/api/organizations/${organization.id}`)).status()).toBe(404)

  await admin.goto(`/customers/${person.id}`)
  await expect(admin.getByText('No organization')).toBeVisible()
  await admin.getByRole('button', { name: 'Delete…' }).click()
  await admin.getByRole('button', { name: 'Delete permanently' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'All people' })).toBeVisible()
  expect((await admin.request.get(`/api/users/${person.id}`)).status()).toBe(404)

  // Whoever has tickets stays, and the question says why.
  await admin.goto(`/customers/${busy.id}`)
  await admin.getByRole('button', { name: 'Delete…' }).click()
  await admin.getByRole('button', { name: 'Delete permanently' }).click()
  await expect(admin.getByRole('dialog').getByRole('alert')).toBeVisible()
  expect((await admin.request.get(`/api/users/${busy.id}`)).status()).toBe(200)

  const agent = await maya.newPage()
  await agent.goto(`/customers/${busy.id}`)
  await expect(agent.getByRole('button', { name: 'Merge…' })).toBeVisible()
  await expect(agent.getByRole('button', { name: 'Delete…' })).toHaveCount(0)
})

test('a customer and an organization show the records that point to them', async () => {
  const { key, admin } = await makeType()
  const types = await (await admin.request.get(`/api/object-types?key=${key}`)).json()
  const [{ id: type }] = types.items
  await add(admin, '/api/object-fields', {
    object_type_id: type,
    key: 'holder',
    label: 'Holder',
    type: 'relation',
    config: { target: 'user' },
  })
  const stamp = Date.now()
  const firm = await add(admin, '/api/organizations', { name: `Firm ${stamp}` })
  const person = await add(admin, '/api/users', {
    role: 'customer',
    name: `Holder ${stamp}`,
    email: `holder.${stamp}@people.example`,
    organization_id: firm.id,
  })
  const record = (name: string, custom: object) =>
    add(admin, '/api/object-records', { type: key, name, external_key: `${name} ${stamp}`, custom })
  await record('Laptop', { holder: person.id })
  await record('Printer', { owner: firm.id })
  await record('Nobody’s', {})
  const page = await maya.newPage()
  await page.goto(`/customers/${person.id}`)
  await page.getByRole('tab', { name: /^Objects/ }).click()
  await expect(page.getByRole('tab', { name: 'Objects 1' })).toHaveAttribute('aria-selected', 'true')
  const theirs = page.getByRole('list', { name: 'Objects', exact: true })
  await expect(theirs.getByRole('listitem')).toHaveText([`LaptopAsset · Laptop ${stamp}`])
  await expect(page.getByRole('list', { name: `Objects of Firm ${stamp}` }).getByRole('listitem')).toHaveText([
    `PrinterAsset · Printer ${stamp}`,
  ])
  await expectClean(page)
  await theirs.getByRole('link', { name: 'Laptop' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Laptop')

  await page.goto(`/organizations/${firm.id}`)
  await page.getByRole('tab', { name: /^Objects/ }).click()
  await expect(theirs.getByRole('listitem')).toHaveText([`PrinterAsset · Printer ${stamp}`])
  await expectClean(page)

  const alone = await add(admin, '/api/users', {
    role: 'customer',
    name: `Alone ${stamp}`,
    email: `alone.${stamp}@people.example`,
  })
  await page.goto(`/customers/${alone.id}`)
  await page.getByRole('tab', { name: 'Objects' }).click()
  await expect(page.getByText('No objects')).toBeVisible()
  await expectClean(page)
  await breakPath(page, /\/api\/object-records\?relates_to/)
  await page.goto(`/customers/${person.id}`)
  await page.getByRole('tab', { name: 'Objects' }).click()
  await expect(page.getByRole('alert').first()).toContainText('Try again')
  await expectClean(page)
})
