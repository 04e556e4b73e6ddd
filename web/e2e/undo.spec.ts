import { expect, type Page } from '@playwright/test'
import { colleague, editor, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

const notice = (page: Page, text: string) => page.locator('[data-sonner-toast]').filter({ hasText: text }).first()

async function makeCustomer(page: Page, name: string): Promise<number> {
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}.${Date.now()}@people.example`
  const reply = await page.request.post('/api/users', { headers, data: { role: 'customer', name, email } })
  expect(reply.status(), await reply.text()).toBe(201)
  return (await reply.json()).id
}

test('what is changed of a customer is put back, the newest first', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeCustomer(page, 'Uma Undone')
  const read = async () => (await page.request.get(`/api/users/${id}`)).json()
  await page.goto(`/customers/${id}`)
  const contact = page.getByRole('region', { name: 'Contact' }).first()
  await contact.getByRole('button', { name: 'Telephone, edit' }).click()
  await page.getByRole('textbox', { name: 'Telephone' }).fill('+49 30 5550142')
  await page.keyboard.press('Enter')
  await expect(notice(page, 'Changed Uma Undone').getByRole('button', { name: /^Undo/ })).toBeVisible()

  const fields = page.getByRole('region', { name: 'Fields' }).first()
  await fields.getByRole('button', { name: 'Add a field' }).click()
  await page.getByRole('textbox', { name: 'Name of the field' }).fill('Contract')
  await page.getByRole('textbox', { name: 'Value' }).fill('MSA-118')
  await page.keyboard.press('Enter')
  await expect(fields.getByRole('button', { name: 'Contract: MSA-118, edit' })).toBeVisible()
  await expect.poll(async () => (await read()).custom).toEqual({ Contract: 'MSA-118' })

  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await read()).custom).toEqual({})
  expect((await read()).phone).toBe('+49 30 5550142')
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await read()).phone).toBeNull()
  await expect(contact.getByRole('button', { name: 'Telephone, edit' })).toBeVisible()
})

test('notes of a customer are taken back, and the one that was pinned before is pinned again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeCustomer(page, 'Nils Noted')
  const read = async (): Promise<{ body_text: string; pinned: boolean }[]> =>
    (await (await page.request.get(`/api/customer-notes?user_id=${id}`)).json()).items
  const pinned = async () => (await read()).filter((note) => note.pinned).map(({ body_text }) => body_text)
  for (const [body_text, pin] of [
    ['First', true],
    ['Second', false],
  ] as const) {
    const made = await page.request.post('/api/customer-notes', {
      headers,
      data: { user_id: id, body_text, pinned: pin },
    })
    expect(made.status(), await made.text()).toBe(201)
  }
  await page.goto(`/customers/${id}`)
  const notes = page.getByRole('region', { name: 'Notes' }).first()
  const second = notes.getByRole('listitem').filter({ hasText: 'Second' })
  await second.getByRole('button', { name: 'Note', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Pin' }).click()
  await expect.poll(pinned).toEqual(['Second'])
  await page.keyboard.press('Control+z')
  await expect.poll(pinned).toEqual(['First'])

  await notes.getByRole('button', { name: 'Add a note' }).click()
  await page.keyboard.type('Third')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Note added')).toBeVisible()
  await expect(notes.getByRole('textbox')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(notes.getByText('Third')).toHaveCount(0)
  expect((await read()).map(({ body_text }) => body_text).toSorted()).toEqual(['First', 'Second'])
})

test('who follows a ticket, and what is marked as unread, is taken back', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, `Followed${Date.now()}`)
  await openTicket(page, id)
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await expect(notice(page, `Maya Okafor follows #${id}`)).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('button', { name: 'Follow', exact: true })).toBeVisible()
  await expect
    .poll(async () => (await (await page.request.get(`/api/tickets/${id}/followers`)).json()).items)
    .toEqual([])

  // Only who has stayed for a moment has read it.
  await expect
    .poll(async () => (await (await page.request.get(`/api/tickets/marks?ids=${id}`)).json()).unread)
    .toEqual([])
  const { subject } = await (await page.request.get(`/api/tickets/${id}`)).json()
  await page.goto(`/?q=${subject}`)
  await expect(page.locator('[data-ticket]')).toHaveCount(1)
  const unread = page.getByRole('img', { name: 'Unread' })
  await expect(page.getByRole('grid')).toBeFocused()
  await page.waitForLoadState('networkidle')
  await expect(unread).toHaveCount(0)
  await page.keyboard.press('u')
  await expect(notice(page, `Marked #${id} as unread`)).toBeVisible()
  await expect(unread).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(notice(page, `Undone: Marked #${id} as unread`)).toBeVisible()
  await expect(unread).toHaveCount(0)
})

test('a message that was edited reads as before', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Said otherwise')
  await openTicket(page, id)
  await page.keyboard.press('n')
  await editor(page, 'Internal note').fill('As it was')
  await page.keyboard.press('Control+Enter')
  const note = page.getByRole('article', { name: /^Internal note from Maya/ })
  await expect(note).toContainText('As it was')
  await note.hover()
  await note.getByRole('button', { name: /^More about the message/ }).click()
  await page.getByRole('menuitem', { name: 'Edit…' }).click()
  await page.getByRole('textbox', { name: 'Edited message' }).fill('As it is')
  await page.keyboard.press('Control+Enter')
  await expect(note).toContainText('As it is')
  await notice(page, `Changed a message on #${id}`).getByRole('button', { name: /^Undo/ }).click()
  await expect(note).toContainText('As it was')
})

test('a view that was made is gone again, and one that was moved stands where it stood', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const stamp = `Undone${Date.now()}`
  const position = 1000 + (Date.now() % 100_000)
  const made: number[] = []
  for (const [at, name] of [`${stamp} one`, `${stamp} two`].entries()) {
    const data = {
      name,
      visibility: 'private',
      conditions: { all: [{ field: 'priority', op: 'is', value: 'urgent' }] },
      columns: ['subject'],
      position: position + at,
    }
    const reply = await page.request.post('/api/views', { headers, data })
    expect(reply.status(), await reply.text()).toBe(201)
    made.push((await reply.json()).id)
  }
  await page.goto('/')
  const views = page.getByRole('region', { name: 'Private' }).getByRole('link', { name: stamp })
  await expect(views).toHaveText([/one/, /two/])
  await page.getByRole('button', { name: `View ${stamp} two: more` }).click()
  await page.getByRole('menuitem', { name: 'Move up' }).click()
  await expect(views).toHaveText([/two/, /one/])
  await page.keyboard.press('Control+z')
  await expect(views).toHaveText([/one/, /two/])

  await page.goto('/?priority=urgent')
  await page.getByRole('button', { name: 'Save as…' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill(`${stamp} three`)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/view=/)
  await expect(views).toHaveCount(3)
  await notice(page, `Saved the view “${stamp} three”`).getByRole('button', { name: /^Undo/ }).click()
  await expect(views).toHaveCount(2)
  await expect(page).toHaveURL(/priority=urgent/)
  for (const id of made) await page.request.delete(`/api/views/${id}`, { headers })
})

test('a macro that was made by mistake is gone again, and a message that was discarded is back', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Thrown away too soon')
  await openTicket(page, id)
  const name = `Mistake${Date.now()}`
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'New macro' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Text').fill('Hello')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(dialog).toHaveCount(0)
  await notice(page, `Created the macro “${name}”`).getByRole('button', { name: /^Undo/ }).click()
  const { request } = await colleague('maya@demo.test')
  await expect.poll(async () => (await (await request.get(`/api/macros?q=${name}`)).json()).items).toEqual([])

  await page.route('**/api/tickets/*/messages', (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      body: '{"status":422,"detail":"No","problems":[{"path":"body_text","message":"is too long"}]}',
    }),
  )
  await openTicket(page, id)
  await page.keyboard.press('n')
  await editor(page, 'Internal note').fill('A long story')
  await page.keyboard.press('Control+Enter')
  const outbox = page.getByRole('list', { name: 'Outgoing messages' })
  await outbox.getByRole('button', { name: 'Discard' }).click()
  await expect(outbox).toHaveCount(0)
  await notice(page, `Discarded the message on #${id}`).getByRole('button', { name: /^Undo/ }).click()
  await expect(outbox).toContainText('A long story')
})
