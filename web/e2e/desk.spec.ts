import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'

async function signIn(browser: Browser, email: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto('/')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('autocrm-demo')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  return page
}

const clean = async (page: Page) => {
  const found = await new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]').analyze()
  const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

test('a wrong password is told, the right one opens the desk', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel('E-mail').fill('maya@demo.test')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('alert')).toContainText('wrong')
  await clean(page)
})

test('from the queue by keyboard to a reply that another agent sees live', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const priya = await signIn(browser, 'priya@demo.test')
  await clean(maya)
  await maya.screenshot({ path: 'node_modules/.shots/queue-light.png' })

  await maya.keyboard.press('j')
  await maya.keyboard.press('j')
  await expect(maya.locator('[aria-selected=true]')).toHaveAttribute('aria-rowindex', '3')
  await maya.keyboard.press('Enter')
  await expect(maya).toHaveURL(/\/tickets\/\d+/)
  await priya.goto(new URL(maya.url()).pathname)
  await expect(priya.getByRole('region', { name: 'Conversation' })).toBeVisible()

  await maya.keyboard.press('r')
  await maya.getByRole('textbox', { name: 'Reply' }).fill('We have found it and are mending it now.')
  await expect(priya.getByText('is writing a reply on this ticket…')).toBeVisible()
  await maya.keyboard.press('Control+Enter')

  await expect(priya.getByRole('article').filter({ hasText: 'We have found it and are mending it now.' })).toBeVisible()
  await expect(priya.getByRole('button', { name: 'Status: Pending' })).toBeVisible()
  await priya.getByRole('button', { name: 'Use the dark theme' }).click()
  await clean(priya)
  await priya.screenshot({ path: 'node_modules/.shots/ticket-dark.png' })
})

test('a wrong value in a custom field gets the complete error beside it', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.keyboard.press('Enter')
  await page.getByLabel('Seats').fill('-5')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('Seats -5 is below the minimum of 1')
  await page.getByLabel('Seats').fill('12')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('who changes what somebody else has changed is told, and loses nothing', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /^Priority: / })).toBeVisible()
  // Somebody else is faster, between what is on screen and what is sent.
  await page.route('**/api/tickets/*', async (route) => {
    if (route.request().method() === 'PATCH')
      await route.continue({ headers: { ...route.request().headers(), 'if-match': '"999999"' } })
    else await route.continue()
  })
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('menuitem', { name: 'Urgent' }).click()
  await expect(page.getByRole('alert')).toContainText('Somebody changed this ticket meanwhile')
  await page.unroute('**/api/tickets/*')
  await page.getByRole('button', { name: 'Apply mine' }).click()
  await expect(page.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
})
