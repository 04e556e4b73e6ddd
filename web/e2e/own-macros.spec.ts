import { expect, type Page } from '@playwright/test'
import { editor, expectClean, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

/** A macro of one's own. */
async function ownMacro(page: Page, name: string) {
  const made = await page.request.post('/api/macros', {
    headers,
    data: { name, scope: 'private', message_kind: 'reply', body_text: 'As it was first written.' },
  })
  expect(made.status(), await made.text()).toBe(201)
}

const found = async (page: Page, name: string): Promise<{ body_text: string } | undefined> =>
  (await (await page.request.get('/api/macros?limit=200')).json()).items.find(
    (each: { name: string }) => each.name === name,
  )

test('a macro of one’s own is changed from the list by F2, and put back by Ctrl+Z', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Own ${Date.now()}`
  await ownMacro(page, name)
  await openTicket(page, await makeTicket(page, 'For a macro of my own'))
  await page.keyboard.press('m')
  await expect(editor(page, 'Reply')).toHaveText('/')
  await page.keyboard.type(name)
  await expect(page.getByRole('option', { name })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByText('As it was first written.')).toBeVisible()
  await page.keyboard.press('F2')
  const dialog = page.getByRole('dialog', { name: 'Edit your macro' })
  await expect(dialog.getByLabel('Name')).toHaveValue(name)
  await expectClean(page)
  await dialog.getByLabel('Text').fill('As it is written now.')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await expect.poll(async () => (await found(page, name))?.body_text).toBe('As it is written now.')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(async () => (await found(page, name))?.body_text).toBe('As it was first written.')
})

test('a macro of one’s own is deleted, and comes back by undo', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Gone ${Date.now()}`
  await ownMacro(page, name)
  await openTicket(page, await makeTicket(page, 'For a macro that goes'))
  await page.keyboard.press('r')
  await page.keyboard.type(`/${name}`)
  await page.getByRole('button', { name: `Edit the macro ${name}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete macro' }).click()
  await expect(page.getByText(`Deleted the macro “${name}”`)).toBeVisible()
  await expect.poll(() => found(page, name)).toBeUndefined()
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(async () => (await found(page, name))?.body_text).toBe('As it was first written.')
})

test('on a phone a macro is made from the list too', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const name = `Thumb ${Date.now()}`
  await openTicket(page, await makeTicket(page, 'For a macro by thumb'))
  await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Macro' }).tap()
  await page.getByRole('button', { name: 'New macro' }).tap()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Text').fill('Written by thumb.')
  await dialog.getByRole('button', { name: 'Create' }).tap()
  await expect(page.getByText(`Created the macro “${name}”`)).toBeVisible()
  await expect.poll(async () => (await found(page, name))?.body_text).toBe('Written by thumb.')
})
