import { expect } from '@playwright/test'
import { expectClean, signIn } from './support'
import { test } from './test'

test('what one is told of is chosen by keyboard, is kept, and is put back when the server says no', async ({
  browser,
}) => {
  const page = await signIn(browser, 'priya@demo.test')
  const reset = await page.request.patch('/api/me/notification-preferences', {
    headers: { 'x-requested-with': 'autocrm' },
    data: { mentioned: 'in_app', digest_every: 'daily', digest_hour: 8 },
  })
  expect(reset.ok()).toBe(true)
  await page.getByRole('button', { name: /: availability$/ }).click()
  await page.getByRole('menuitem', { name: 'Notification settings' }).click()
  await expect(page).toHaveURL(/\/settings\/notifications$/)
  const way = (name: string) => page.getByRole('radio', { name: `Someone mentions you: ${name}` })
  await expect(way('In the app')).toBeChecked()
  await expectClean(page)
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok())
  await way('In the app').focus()
  await page.keyboard.press('ArrowRight')
  await expect(way('E-mail')).toBeChecked()
  await saved
  const kept = page.waitForResponse(async (response) => {
    if (response.request().method() !== 'PATCH' || !response.ok()) return false
    const { digest_every, digest_hour } = await response.json()
    return digest_every === 'hourly' && digest_hour === 17
  })
  await page.getByLabel('When the daily digest is sent').selectOption('17:00')
  await page.getByLabel('How often the digest is sent').selectOption('Every hour')
  await expect(page.getByLabel('When the daily digest is sent')).toHaveCount(0)
  await kept
  await page.screenshot({ path: 'node_modules/.shots/notifications-light.png' })
  await page.reload()
  await expect(way('E-mail')).toBeChecked()
  await page.getByLabel('How often the digest is sent').selectOption('Every day')
  await expect(page.getByLabel('When the daily digest is sent')).toHaveValue('17')

  await page.route('**/api/me/notification-preferences', (route) =>
    route.request().method() === 'PATCH' ? route.fulfill({ status: 500, json: {} }) : route.continue(),
  )
  await way('Off').click()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await expect(way('E-mail')).toBeChecked()
  await page.getByRole('button', { name: 'Use the dark theme' }).click()
  await expectClean(page)
  await page.screenshot({ path: 'node_modules/.shots/notifications-dark.png' })
  await way('E-mail').focus()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})

test('what can be changed looks alike, and unlike what cannot', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/settings/profile')
  const ground = (name: string) =>
    page.getByLabel(name, { exact: true }).evaluate((control) => getComputedStyle(control).backgroundColor)
  await expect(page.getByLabel('Name', { exact: true })).toBeVisible()
  for (const theme of ['light', 'dark']) {
    await page.evaluate((to) => {
      document.documentElement.dataset.theme = to
    }, theme)
    const changeable = await ground('Name')
    for (const name of ['Phone', 'Language', 'Time zone'])
      expect(await ground(name), `${name}, ${theme}`).toBe(changeable)
    expect(await ground('E-mail'), theme).not.toBe(changeable)
  }
})

test('the texts of a menu begin below each other, with an icon or without', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.getByRole('button', { name: /: availability$/ }).click()
  await expect(page.getByRole('menuitem', { name: 'Log out' })).toBeVisible()
  const starts = await page
    .getByRole('menuitem')
    .locator('[dir=auto]')
    .evaluateAll((texts) => texts.map((text) => Math.round(text.getBoundingClientRect().left)))
  expect(starts.length).toBeGreaterThan(5)
  expect(new Set(starts).size).toBe(1)
})
