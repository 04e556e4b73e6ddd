import { expect, type Page } from '@playwright/test'
import { editor, logIn, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

async function make(page: Page, path: string, data: object): Promise<number> {
  const reply = await page.request.post(path, { headers, data })
  expect(reply.status(), await reply.text()).toBe(201)
  return (await reply.json()).id
}

const makeCustomer = (page: Page, name: string) =>
  make(page, '/api/users', { role: 'customer', name, email: `${Date.now()}.${Math.random()}@kept.example` })

const logOut = async (page: Page) => {
  await page.getByRole('button', { name: /availability/ }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
}

test('a new customer and a new organization are half-written when their dialog opens again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const dialog = page.getByRole('dialog')
  for (const [path, button, fields] of [
    ['/customers', 'New person', { Name: 'Half Aname', 'E-mail': 'half@kept.example' }],
    ['/organizations', 'New organization', { Name: 'Half & Sons', Domains: 'half.example' }],
  ] as const) {
    await page.goto(path)
    await page.getByRole('button', { name: button }).first().click()
    for (const [label, text] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(text)
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await page.reload()
    await page.getByRole('button', { name: button }).first().click()
    for (const [label, text] of Object.entries(fields))
      await expect(dialog.getByLabel(label, { exact: true })).toHaveValue(text)
    await dialog.getByRole('button', { name: 'Start over' }).click()
    await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('')
    await page.keyboard.press('Escape')
  }
})

test('what is edited on a customer’s page is there again after Escape, and another Escape throws it away', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeCustomer(page, 'Kira Kept')
  await page.goto(`/customers/${id}`)
  const contact = page.getByRole('region', { name: 'Contact' }).first()
  const phone = page.getByRole('textbox', { name: 'Telephone' })
  const open = () => contact.getByRole('button', { name: 'Telephone, edit' }).click()
  await open()
  await phone.fill('+49 30 555')
  await phone.press('Escape')
  await open()
  await expect(phone).toHaveValue('+49 30 555')
  // Whoever only looked has saved nothing.
  await phone.blur()
  await expect(contact.getByRole('button', { name: 'Telephone, edit' })).toBeVisible()
  await open()
  await phone.press('Escape')
  await open()
  await expect(phone).toHaveValue('')
  await phone.press('Escape')

  const notes = page.getByRole('region', { name: 'Notes' }).first()
  const note = notes.getByRole('textbox', { name: 'What should everyone know?' })
  await notes.getByRole('button', { name: 'Add a note' }).click()
  await note.fill('Prefers to be called')
  await note.press('Escape')
  await page.reload()
  await notes.getByRole('button', { name: 'Add a note' }).click()
  await expect(note).toHaveValue('Prefers to be called')
  await note.press('Control+Enter')
  await expect(notes.getByRole('listitem')).toContainText('Prefers to be called')
  await notes.getByRole('button', { name: 'Add a note' }).click()
  await expect(note).toHaveValue('')
})

test('an edited message and the subject of a split are there again after Escape', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Kept while closed')
  await openTicket(page, id)
  await page.keyboard.press('n')
  await editor(page, 'Internal note').fill('As it was')
  await page.keyboard.press('Control+Enter')
  const note = page.getByRole('article', { name: /^Internal note from Maya/ })
  await expect(note).toContainText('As it was')
  const edit = async () => {
    await note.hover()
    await note.getByRole('button', { name: /^More about the message/ }).click()
    await page.getByRole('menuitem', { name: 'Edit…' }).click()
  }
  const box = page.getByRole('textbox', { name: 'Edited message' })
  await edit()
  await box.fill('As it will be')
  await box.press('Escape')
  await expect(box).toHaveCount(0)
  await page.reload()
  await edit()
  await expect(box).toHaveText('As it will be')
  await page.getByRole('button', { name: 'Start over' }).click()
  await expect(box).toHaveText('As it was')
  await box.press('Escape')

  await page.keyboard.press('S')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Subject of the new ticket').fill('A matter of its own')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await page.keyboard.press('S')
  await expect(dialog.getByLabel('Subject of the new ticket')).toHaveValue('A matter of its own')
})

test('the name of a view and one’s own profile are there again when they were left', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/?priority=urgent')
  await page.getByRole('button', { name: 'Save as…' }).click()
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' })
  await name.fill('Half a view')
  await name.press('Escape')
  await page.getByRole('button', { name: 'Save as…' }).click()
  await expect(name).toHaveValue('Half a view')
  await page.getByRole('dialog').getByRole('button', { name: 'Start over' }).click()
  await page.keyboard.press('Escape')

  await page.goto('/settings/profile')
  await page.getByLabel('Phone').fill('+49 40 1')
  await page.goto('/')
  await page.goto('/settings/profile')
  await expect(page.getByLabel('Phone')).toHaveValue('+49 40 1')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByLabel('Phone')).not.toHaveValue('+49 40 1')
})

test('a new ticket keeps its files when it is closed, and outlasts a log-out for its author alone', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const dialog = page.getByRole('dialog')
  await page.keyboard.press('c')
  await dialog.getByLabel('Subject').fill('Begun before lunch')
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'proof.txt', mimeType: 'text/plain', buffer: Buffer.from('proof') })
  const files = dialog.getByRole('list', { name: 'Attached files' })
  await expect(files.getByRole('img', { name: 'Uploading…' })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await page.keyboard.press('c')
  await expect(files).toContainText('proof.txt')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await logOut(page)
  await logIn(page, 'priya@demo.test')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await page.keyboard.press('c')
  await expect(dialog.getByLabel('Subject')).toHaveValue('')
  await expect(files).toHaveCount(0)
  await page.keyboard.press('Escape')
  await logOut(page)
  await logIn(page, 'maya@demo.test')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await page.keyboard.press('c')
  await expect(dialog.getByLabel('Subject')).toHaveValue('Begun before lunch')
  await expect(files).toContainText('proof.txt')
  await dialog.getByLabel("Requester's e-mail").fill('naomi.byrne@halcyon.example')
  await dialog.getByLabel('What is it about?').fill('With its proof')
  await dialog.getByRole('button', { name: 'Create ticket' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Begun before lunch')
  await expect(page.getByText('proof.txt').first()).toBeVisible()
  await page.keyboard.press('c')
  await expect(dialog.getByLabel('Subject')).toHaveValue('')
  await expect(files).toHaveCount(0)
})
