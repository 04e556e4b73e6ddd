import { type Browser, expect } from '@playwright/test'
import { colleague, expectClean, logIn, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

// A person of these tests alone: others' stay as they are.
async function newcomer(browser: Browser) {
  const page = await signIn(browser, 'lucia@demo.test')
  return page
}

test('name, phone, time zone and signature are saved together, and what is refused is told at its field', async ({
  browser,
}) => {
  const page = await newcomer(browser)
  await page.goto('/settings/profile')
  const name = page.getByLabel('Name', { exact: true })
  const before = await name.inputValue()
  // Another one than it is, also when the tests run again.
  const zone = (await page.getByLabel('Time zone').inputValue()) === 'Asia/Kolkata' ? 'Asia/Tokyo' : 'Asia/Kolkata'
  await page.getByLabel('Time zone').selectOption(zone)
  await page.getByLabel('Below your replies').fill('Lucia\nPayments')
  await name.fill(' ')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toContainText('must not be empty')
  await expect(page.getByLabel('Below your replies')).toHaveValue('Lucia\nPayments')
  await name.fill(before)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Changed your profile').first()).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Time zone')).toHaveValue(zone)
  await expect(page.getByLabel('Below your replies')).toHaveValue('Lucia\nPayments')
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
})

test('the language is chosen for the person: here at once, elsewhere from their log-in on', async ({ browser }) => {
  const page = await newcomer(browser)
  await page.goto('/settings/profile')
  await page.getByLabel('Language', { exact: true }).selectOption('Deutsch')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Profil' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')

  const elsewhere = await (await browser.newContext()).newPage()
  await elsewhere.goto('/')
  await logIn(elsewhere, 'lucia@demo.test')
  await expect(elsewhere.locator('html')).toHaveAttribute('lang', 'de')
  await elsewhere.goto('/settings/profile')
  await elsewhere.getByLabel('Sprache', { exact: true }).selectOption('English')
  await elsewhere.getByRole('button', { name: 'Speichern' }).click()
  await expect(elsewhere.getByRole('heading', { level: 1, name: 'Profile' })).toBeVisible()
})

test('what the desk refuses is told in the language of the page', async ({ browser }) => {
  const page = await (await browser.newContext({ locale: 'de-DE' })).newPage()
  await page.goto('/')
  await page.getByLabel('E-Mail').fill('nobody@demo.test')
  await page.getByLabel('Passwort').fill('not the password')
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await expect(page.getByRole('alert')).toHaveText('E-Mail-Adresse oder Passwort ist falsch')
})

test('a password is changed by who knows it, and other sessions end', async ({ browser }) => {
  const page = await newcomer(browser)
  const other = await signIn(browser, 'lucia@demo.test')
  await page.goto('/settings/security')
  await expect(page.getByRole('listitem').filter({ hasText: 'This browser' })).toHaveCount(1)
  const change = async (current: string, next: string) => {
    await page.getByLabel('Current password').fill(current)
    await page.getByLabel('New password').fill(next)
    await page.getByRole('button', { name: 'Change the password' }).click()
  }
  await change('not this one', 'quiet rivers run')
  await expect(page.getByRole('alert')).toHaveText('The password is wrong')
  await change('autocrm-demo', 'quiet rivers run')
  await expect(page.getByText(/^Your password is changed/)).toBeVisible()
  await expect(page.getByLabel('Current password')).toHaveValue('')
  // The other browser is asked to log in again, at the latest with its next request.
  await other.goto('/settings/profile')
  await expect(other.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
  await change('quiet rivers run', 'autocrm-demo')
  await expect(page.getByText('Your password is changed', { exact: true })).toBeVisible()
})

test('a session is ended from another one', async ({ browser }) => {
  const page = await newcomer(browser)
  const other = await signIn(browser, 'lucia@demo.test')
  await page.goto('/settings/security')
  const others = page.getByRole('button', { name: /^Log out \d+ other/ })
  await others.click()
  const dialog = page.getByRole('dialog', { name: /^Log out \d+ other sessions?\?/ })
  await expectClean(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await others.click()
  await dialog.getByRole('button', { name: 'Log out' }).click()
  await expect(others).toHaveCount(0)
  await expect(page.getByRole('listitem').filter({ hasText: 'This browser' })).toHaveCount(1)
  await other.goto('/settings/profile')
  await expect(other.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
})

test('who is away says why, and colleagues read it until they are back', async ({ browser }) => {
  const page = await newcomer(browser)
  const priya = await colleague()
  const { id } = await (await page.request.get('/api/me')).json()
  const reason = async () => (await (await priya.request.get(`/api/users/${id}`)).json()).availability_reason
  await page.getByRole('button', { name: /: availability$/ }).click()
  await page.getByRole('menuitem', { name: 'Reason and your numbers' }).click()
  await page.getByRole('radio', { name: 'Away' }).click()
  await page.getByLabel('Reason').fill('Dentist until 3')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(reason).toBe('Dentist until 3')
  await expect(page.getByRole('button', { name: /: availability$/ })).toContainText('Away: Dentist until 3')
  await page.getByRole('radio', { name: 'Available' }).click()
  await expect.poll(reason).toBeNull()
  await expect(page.getByRole('listitem').last()).toBeVisible()
})

test('who logs out is gone from the ticket at once', async ({ browser }) => {
  const priya = await signIn(browser, 'priya@demo.test')
  const lucia = await newcomer(browser)
  const id = await makeTicket(priya, 'Who is still here?')
  await openTicket(priya, id)
  await openTicket(lucia, id)
  const face = priya.getByRole('region', { name: `Ticket ${id}` }).getByRole('img', { name: 'Lucia Grimaldi' })
  await expect(face.first()).toBeVisible()
  await lucia.getByRole('button', { name: /: availability$/ }).click()
  await lucia.getByRole('menuitem', { name: 'Log out' }).click()
  await expect(lucia.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
  await expect(face).toHaveCount(0, { timeout: 3000 })
})
