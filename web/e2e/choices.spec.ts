import { expect, type Page, type Route } from '@playwright/test'
import { editor, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const LISTS = ['statuses', 'priorities', 'teams', 'skills', 'tags', 'ticket-forms']

/** What the choices are read from fails until `mend` is called. */
async function failLists(page: Page) {
  let broken = true
  for (const list of LISTS)
    await page.route(new RegExp(`/api/${list}(\\?|$)`), (route: Route) =>
      broken && route.request().method() === 'GET'
        ? route.fulfill({
            status: 500,
            contentType: 'application/problem+json',
            body: '{"status":500,"code":"internal"}',
          })
        : route.continue(),
    )
  return { mend: () => (broken = false) }
}

/** Of a list of choices; the pane beside says so of its own sections. */
const failure = (page: Page) =>
  page.getByRole('alert').filter({ hasText: 'This list could not be read.' }).and(page.locator(':not(nav *)'))

test('each list of choices on a ticket that could not be read says so, and is read again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Nothing to choose from')
  const lists = await failLists(page)
  await openTicket(page, id)
  for (const button of [/^Status: /, /^Priority: /, /^Assignee: /, /^Team: /, 'Add a skill', 'Add a follower']) {
    const opener = page.getByRole('button', { name: button }).first()
    await opener.click()
    await expect(failure(page), String(button)).toBeVisible({ timeout: 20_000 })
    await page.keyboard.press('Escape')
    await expect(failure(page)).toHaveCount(0)
  }
  await page.keyboard.press('c')
  await expect(page.getByRole('dialog', { name: 'New ticket' }).locator(failure(page))).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('combobox', { name: 'Add a tag' }).click()
  await expect(failure(page)).toBeVisible({ timeout: 20_000 })
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await editor(page, 'Internal note').pressSequentially('@pri')
  await expect(failure(page)).toBeVisible()
  lists.mend()
  await failure(page).getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('option', { name: /Priya/ })).toBeVisible()
  await editor(page, 'Internal note').fill('')

  await page
    .getByRole('button', { name: /^Priority: / })
    .first()
    .click()
  await failure(page).getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect(page.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
})

test('the triage of a phone says so too', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 390, height: 844 } })
  const id = await makeTicket(page, 'Nothing for the thumb')
  const lists = await failLists(page)
  await openTicket(page, id)
  await page.getByRole('button', { name: 'Triage' }).click()
  const sheet = page.getByRole('dialog')
  await expect(failure(page)).toHaveCount(3, { timeout: 20_000 })
  lists.mend()
  for (const group of ['Priority', 'Team', 'Tags'])
    await sheet.getByRole('region', { name: group }).getByRole('button', { name: 'Try again' }).click()
  await expect(sheet.getByRole('radio', { name: 'Urgent' })).toBeVisible()
  await expect(failure(page)).toHaveCount(0)
})
