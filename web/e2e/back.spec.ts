import { expect, type Page } from '@playwright/test'
import { makeTicket, signIn } from './support'
import { test } from './test'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true }

/** A queue of one ticket, come to from the customers: Back from it is told by the address. */
async function queueOf(page: Page, mark: string) {
  const id = await makeTicket(page, mark)
  await page.goto('/customers')
  await page.goto(`/?q=${mark}`)
  await expect(page.locator(`[data-ticket="${id}"]`)).toBeVisible()
  return id
}

const dialogs = (page: Page) => page.getByRole('dialog')

test('Back closes a dialog and leaves the page and the text, Forward opens nothing', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const mark = `Back${Date.now()}`
  await queueOf(page, mark)
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: 'New ticket' })
  await dialog.getByLabel('Subject').fill(`${mark} begun`)
  await page.goBack()
  await expect(dialogs(page)).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(mark))
  await page.goForward()
  await expect(dialogs(page)).toHaveCount(0)
  await page.keyboard.press('c')
  await expect(dialog.getByLabel('Subject')).toHaveValue(`${mark} begun`)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(dialogs(page)).toHaveCount(0)
  await page.keyboard.press('?')
  await expect(dialogs(page)).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(dialogs(page)).toHaveCount(0)
  // Nothing of the two is left in the way: the next step leaves the page.
  await page.goBack()
  await expect(page).toHaveURL(/\/customers$/)
})

test('a dialog that leads to another page leaves nothing between the two', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const mark = `Led${Date.now()}`
  const id = await queueOf(page, mark)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill(`#${id}`)
  await expect(page.getByRole('option', { name: new RegExp(mark) })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await page.goBack()
  await expect(page).toHaveURL(new RegExp(mark))
  await expect(page.locator(`[data-ticket="${id}"]`)).toBeVisible()
  await page.goForward()
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await page.goBack()
  await page.goBack()
  await expect(page).toHaveURL(/\/customers$/)
})

test('what was open when the page was loaded anew leaves no step behind', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const mark = `Anew${Date.now()}`
  const id = await queueOf(page, mark)
  await page.keyboard.press('c')
  await expect(dialogs(page)).toHaveCount(1)
  await page.reload()
  await expect(page.locator(`[data-ticket="${id}"]`)).toBeVisible()
  await expect(dialogs(page)).toHaveCount(0)
  await page.goBack()
  await expect(page).toHaveURL(/\/customers$/)
})

test('on a phone Back closes the views, a list within a sheet before the sheet, and the notifications', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test', PHONE)
  const mark = `Sheets${Date.now()}`
  const id = await queueOf(page, mark)
  const stays = () => expect(page).toHaveURL(new RegExp(mark))
  await page.getByRole('button', { name: 'Filtered tickets' }).click()
  await expect(page.getByRole('dialog', { name: 'Views' })).toBeVisible()
  await page.goBack()
  await expect(dialogs(page)).toHaveCount(0)
  await stays()
  await page.getByRole('button', { name: /^Notifications/ }).click()
  await expect(page.getByRole('region', { name: 'Notifications' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('region', { name: 'Notifications' })).toHaveCount(0)
  await stays()
  await page.locator(`[data-ticket="${id}"]`).click()
  await page.getByRole('button', { name: 'About Naomi Byrne' }).click()
  const sheet = page.getByRole('dialog', { name: 'About this ticket' })
  await sheet.getByRole('button', { name: /^Team/ }).click()
  await expect(page.getByRole('combobox', { name: 'Team' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('combobox', { name: 'Team' })).toHaveCount(0)
  await expect(sheet).toBeVisible()
  await page.goBack()
  await expect(dialogs(page)).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await page.goBack()
  await stays()
})

test('on a phone Back closes the list of a filter and keeps what was chosen from it', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', PHONE)
  const mark = `Filtered${Date.now()}`
  await queueOf(page, mark)
  await page.getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('option', { name: 'Normal' }).click()
  await expect(page).toHaveURL(/priority=normal/)
  await expect(page.getByRole('combobox', { name: 'Priority' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('combobox', { name: 'Priority' })).toHaveCount(0)
  await expect(page).toHaveURL(/priority=normal/)
  await page.goBack()
  await expect(page).toHaveURL(/\/customers$/)
})

test('what is opened right after another was closed stays open, however late the browser goes back', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  // From before the page's own scripts hear of it.
  await page.addInitScript(() => {
    const go = history.go.bind(history)
    history.go = (steps) => setTimeout(() => go(steps), 300)
    const told = () => document.documentElement.setAttribute('data-went-back', '')
    addEventListener('popstate', told, { capture: true })
  })
  await page.goto('/')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  const dialog = page.getByRole('dialog', { name: 'New ticket' })
  await page.keyboard.press('c')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await page.keyboard.press('c')
  await expect(dialog).toBeVisible()
  await expect(page.locator('html[data-went-back]')).toHaveCount(1)
  await page.waitForFunction(() => history.state?.overlays === 1)
  await expect(dialog.getByLabel('Subject')).toBeEditable()
  await page.goBack()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})
