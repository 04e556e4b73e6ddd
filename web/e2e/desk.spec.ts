import { expect } from '@playwright/test'
import { expectClean, logIn, signIn } from './support'
import { test } from './test'

test('a wrong password is told, the right one opens the desk', async ({ page }) => {
  await page.goto('/')
  await logIn(page, 'maya@demo.test', 'wrong')
  await expect(page.getByRole('alert')).toContainText('wrong')
  await logIn(page, 'maya@demo.test')
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})

test('from the queue by keyboard to a reply that another agent sees live', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const priya = await signIn(browser, 'priya@demo.test')
  await expectClean(maya)
  await maya.screenshot({ path: 'node_modules/.shots/queue-light.png' })

  await maya.keyboard.press('j')
  await maya.keyboard.press('j')
  await expect(maya.locator('[data-current]')).toHaveAttribute('aria-rowindex', '4')
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
  await expectClean(priya)
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
