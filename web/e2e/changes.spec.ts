import { expect, type Page } from '@playwright/test'
import { colleague, cuttableLine, expectClean, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

const notice = (page: Page, text: string) => page.locator('[data-sonner-toast]').filter({ hasText: text }).first()

async function make(page: Page, path: string, data: object): Promise<number> {
  const reply = await page.request.post(path, { headers, data })
  expect(reply.status(), await reply.text()).toBe(201)
  return (await reply.json()).id
}

const makeCustomer = (page: Page, name: string) =>
  make(page, '/api/users', { role: 'customer', name, email: `${Date.now()}.${Math.random()}@records.example` })

/** What somebody else does meanwhile. */
async function meanwhile(path: string, data: object) {
  const { request } = await colleague()
  const reply = await request.patch(path, { data })
  expect(reply.status(), await reply.text()).toBe(200)
}

const read = async (page: Page, path: string) => (await page.request.get(path)).json()

const phoneButton = (page: Page, value: string) =>
  page
    .getByRole('region', { name: 'Contact' })
    .first()
    .getByRole('button', { name: `Telephone${value}, edit` })

async function setPhone(page: Page, from: string, to: string) {
  await phoneButton(page, from).click()
  await page.getByRole('textbox', { name: 'Telephone' }).fill(to)
  await page.keyboard.press('Enter')
}

test('what two people set in one customer is asked about field by field, and what differs is kept', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeCustomer(page, 'Clara Clash')
  const path = `/api/users/${id}`
  await page.goto(`/customers/${id}`)
  await expect(phoneButton(page, '')).toBeVisible()

  // Another field: no conflict.
  await meanwhile(path, { locale: 'fr' })
  await setPhone(page, '', '+49 1')
  await expect.poll(() => read(page, path)).toMatchObject({ locale: 'fr', phone: '+49 1' })

  // The same field: who, and what.
  await meanwhile(path, { phone: '+49 2' })
  await setPhone(page, ': +49 1', '+49 3')
  const bar = page.getByRole('alert', { name: 'Changed by two people' })
  await expect(bar).toContainText('Priya')
  await expect(bar).toContainText('Clara Clash')
  await expectClean(page)
  await bar.getByRole('button', { name: 'Telephone: keep theirs, +49 2' }).click()
  await expect(bar).toHaveCount(0)
  await expect(phoneButton(page, ': +49 2')).toBeVisible()
  expect((await read(page, path)).phone).toBe('+49 2')

  await meanwhile(path, { phone: '+49 4' })
  await setPhone(page, ': +49 2', '+49 5')
  await bar.getByRole('button', { name: 'Telephone: keep yours, +49 5' }).click()
  await expect(phoneButton(page, ': +49 5')).toBeVisible()
  await expect.poll(async () => (await read(page, path)).phone).toBe('+49 5')
})

test('two fields of the desk’s own that two people set are no conflict', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await make(page, '/api/organizations', { name: `Both & Co ${Date.now()}`, custom: { a: '1', b: '1' } })
  const path = `/api/organizations/${id}`
  await page.goto(`/organizations/${id}`)
  const fields = page.getByRole('region', { name: 'Fields' }).first()
  await expect(fields.getByRole('button', { name: 'a: 1, edit' })).toBeVisible()
  await meanwhile(path, { custom: { a: '1', b: '2' } })
  await fields.getByRole('button', { name: 'a: 1, edit' }).click()
  await page.getByRole('textbox', { name: 'a', exact: true }).fill('3')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await read(page, path)).custom).toEqual({ a: '3', b: '2' })
  await expect(fields.getByRole('button', { name: 'b: 2, edit' })).toBeVisible()
  // Undone by field as well.
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await read(page, path)).custom).toEqual({ a: '1', b: '2' })
})

test('an undo takes away nothing that somebody else has set since', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeCustomer(page, 'Otto Overtaken')
  const path = `/api/users/${id}`
  await page.goto(`/customers/${id}`)
  await setPhone(page, '', '+49 1')
  await expect.poll(async () => (await read(page, path)).phone).toBe('+49 1')
  await meanwhile(path, { phone: '+49 2' })
  await page.keyboard.press('Control+z')
  await expect(notice(page, 'Not undone: Changed Otto Overtaken')).toContainText('Someone has changed it since')
  expect((await read(page, path)).phone).toBe('+49 2')

  const ticket = await makeTicket(page, 'Followed by two')
  await openTicket(page, ticket)
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await expect(notice(page, `Maya Okafor follows #${ticket}`)).toBeVisible()
  const { request } = await colleague()
  const { id: maya } = await read(page, '/api/me')
  const copied = await request.post(`/api/tickets/${ticket}/followers`, { data: { kind: 'cc', user_id: maya } })
  expect(copied.status(), await copied.text()).toBe(201)
  await page.keyboard.press('Control+z')
  await expect(notice(page, `Not undone: Maya Okafor follows #${ticket}`)).toBeVisible()
  expect((await read(page, `/api/tickets/${ticket}/followers`)).items).toMatchObject([{ kind: 'cc' }])
})

test('one’s own profile and notification settings are put back', async ({ browser }) => {
  const page = await signIn(browser, 'lucia@demo.test')
  const before = await read(page, '/api/me')
  await page.goto('/settings/profile')
  await page.getByLabel('Phone').fill('+49 40 77')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(notice(page, 'Changed your profile')).toBeVisible()
  await expect.poll(async () => (await read(page, '/api/me')).phone).toBe('+49 40 77')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await read(page, '/api/me')).phone).toBe(before.phone)
  await expect(page.getByLabel('Phone')).toHaveValue(before.phone ?? '')

  const ways = '/api/me/notification-preferences'
  const was = await read(page, ways)
  await page.goto('/settings/notifications')
  await page.getByRole('radio', { name: 'Activity on tickets you follow: Off' }).check()
  await expect(notice(page, 'Notification settings changed')).toBeVisible()
  await expect.poll(async () => (await read(page, ways)).followed).toBe('off')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Control+z')
  await expect.poll(() => read(page, ways)).toEqual(was)
})

test('news that were all marked as read are unread again, and only those that were', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { id: maya } = await read(page, '/api/me')
  const { request } = await colleague()
  const id = await makeTicket(page, 'Read and unread')
  for (const text of ['one', 'two']) {
    const reply = await request.post(`/api/tickets/${id}/messages`, {
      data: { kind: 'note', body_text: text, mentions: [{ user_id: maya }] },
    })
    expect(reply.status(), await reply.text()).toBe(201)
  }
  const unread = async () => (await read(page, '/api/me/notifications?limit=1')).unread
  const ofTicket = async () =>
    (await read(page, '/api/me/notifications?unread=true&limit=200')).items.filter(
      (each: { ticket: { id: number } }) => each.ticket.id === id,
    ).length
  await expect.poll(ofTicket).toBe(2)
  const before = await unread()
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await page.getByRole('button', { name: 'Read all' }).click()
  await expect.poll(unread).toBe(0)
  await notice(page, 'Marked all notifications as read').getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(unread).toBe(before)
})

test('without a line, changes of people and followers wait visibly, and are sent when it is back', async ({
  browser,
}) => {
  const line = await cuttableLine()
  const page = await signIn(browser, 'maya@demo.test', { baseURL: line.url })
  const id = await makeCustomer(page, 'Willa Waits')
  await page.goto(`/customers/${id}`)
  const notes = page.getByRole('region', { name: 'Notes' }).first()
  await notes.getByRole('button', { name: 'Add a note' }).click()
  await page.waitForLoadState('networkidle')
  const bar = page.getByRole('status', { name: 'Connection' })
  line.cut()
  await expect(bar).toContainText('You are offline.', { timeout: 2000 })
  await page.keyboard.type('Written in a tunnel')
  await page.keyboard.press('Control+Enter')
  await setPhone(page, '', '+49 7')
  await expect(bar.getByRole('listitem')).toHaveText(['Note added', 'Changed Willa Waits'])
  await expect(phoneButton(page, ': +49 7')).toBeVisible()
  line.mend()
  await expect(bar).toBeEmpty({ timeout: 20_000 })
  const { request } = await colleague()
  await expect.poll(async () => (await (await request.get(`/api/users/${id}`)).json()).phone).toBe('+49 7')
  await expect
    .poll(async () => (await (await request.get(`/api/customer-notes?user_id=${id}`)).json()).items.length)
    .toBe(1)
  line.close()
})

test('an act that is refused is tried again from its notice', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Refused at first')
  await openTicket(page, id)
  let refused = false
  await page.route(`**/api/tickets/${id}/followers`, (route) => {
    if (refused || route.request().method() !== 'POST') return route.continue()
    refused = true
    return route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: '{"status":500,"code":"internal"}',
    })
  })
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await notice(page, `Not done: Maya Okafor follows #${id}`).getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('button', { name: 'Stop following' })).toBeVisible()
  await expect.poll(async () => (await read(page, `/api/tickets/${id}/followers`)).items.length).toBe(1)
})

test('what was typed and could not be saved stays in its field, which says so and sends it again', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Kept in its field', { team_id: 1 })
  await openTicket(page, id)
  await page.route(`**/api/tickets/${id}`, (route) =>
    route.request().method() === 'PATCH'
      ? route.fulfill({ status: 500, json: { status: 500, code: 'TK500', detail: 'Something went wrong' } })
      : route.continue(),
  )
  const version = page.getByLabel('App version')
  await version.fill('33.3')
  await version.press('Enter')
  const told = page.getByRole('alert').filter({ hasText: 'App version was not set to 33.3. Something went wrong' })
  await expect(told).toBeVisible()
  await expect(version).toHaveValue('33.3')
  await expect(version).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: 'Kept in its field' }).click()
  const subject = page.getByLabel('Subject', { exact: true })
  await subject.fill('Kept, too')
  await subject.press('Enter')
  const about = page.getByRole('alert').filter({ hasText: 'Subject was not set to Kept, too. Something went wrong' })
  await expect(about).toBeVisible()
  await expect(subject).toHaveValue('Kept, too')
  await expectClean(page)
  // What is chosen from a list is told in a notice, by its name.
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect(notice(page, `#${id} was not changed`)).toContainText(`Not done: Set the priority of #${id} to Urgent`)
  await page.unroute(`**/api/tickets/${id}`)
  await told.getByRole('button', { name: 'Try again' }).click()
  await expect(told).toHaveCount(0)
  await expect(version).toHaveValue('33.3')
  await about.getByRole('button', { name: 'Try again' }).click()
  await expect(about).toHaveCount(0)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kept, too')
  await expect.poll(async () => (await read(page, `/api/tickets/${id}`)).custom.app_version).toBe('33.3')
  expect((await read(page, `/api/tickets/${id}`)).subject).toBe('Kept, too')
})

test('a view that two people rename is asked about above the page, and one that was deleted is back where it was', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Twice${Date.now()}`
  const id = await make(page, '/api/views', {
    name,
    visibility: 'private',
    conditions: { field: 'priority', op: 'is', value: 'low' },
    columns: ['subject'],
  })
  await page.goto(`/?view=${id}`)
  await expect(page.getByRole('heading', { name })).toBeVisible()
  await page.getByRole('button', { name: `View ${name}: more` }).click()
  await page.getByRole('menuitem', { name: 'Name and sharing…' }).click()
  // In another tab of the same person: whatever they see is theirs alone.
  const other = await colleague('maya@demo.test')
  expect((await other.request.patch(`/api/views/${id}`, { data: { name: `${name} theirs` } })).status()).toBe(200)
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill(`${name} mine`)
  await page.keyboard.press('Enter')
  const bar = page.getByRole('alert', { name: 'Changed by two people' })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await bar.getByRole('button', { name: `Name: keep yours, ${name} mine` }).click()
  await expect(page.getByRole('heading', { name: `${name} mine` })).toBeVisible()
  await expect.poll(async () => (await read(page, `/api/views/${id}`)).name).toBe(`${name} mine`)

  await page.getByRole('button', { name: `View ${name} mine: more` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('heading', { name: `${name} mine` })).toBeVisible()
  await page.getByRole('button', { name: `View ${name} mine: more` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})
