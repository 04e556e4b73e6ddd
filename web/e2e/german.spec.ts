import { type Browser, expect, type Page } from '@playwright/test'
import { colleague, cuttableLine, makeTicket, openTicket } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

/** A browser that speaks German, whatever its person has chosen: their other pages stay as they are. */
async function german(browser: Browser, email: string, baseURL: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL, locale: 'de-DE' })).newPage()
  await page.addInitScript(() => {
    localStorage.setItem('language', 'de')
    sessionStorage.setItem('language-tried', 'en')
  })
  await page.goto('/')
  await page.getByLabel('E-Mail').fill(email)
  await page.getByLabel('Passwort').fill('autocrm-demo')
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  return page
}

test('notices and acts that wait are worded in German, by the labels that the desk has', async ({ browser }) => {
  const admin = await colleague('admin@demo.test')
  const made = await admin.request.post('/api/statuses', {
    data: { key: `bank_${Date.now()}`, label: 'Bei der Bank', category: 'on_hold', position: 900 },
  })
  expect(made.status(), await made.text()).toBe(201)
  const own = await made.json()
  const line = await cuttableLine()
  try {
    const page = await german(browser, 'maya@demo.test', line.url)
    const id = await makeTicket(page, 'Was steht in der Meldung?')
    await openTicket(page, id)
    const choose = async (property: RegExp, value: string) => {
      await page.getByRole('button', { name: property }).click()
      await page.getByRole('option', { name: value }).click()
    }
    const notice = (text: string) => page.locator('[data-sonner-toast]').filter({ hasText: text })
    await choose(/^Priorität: /, 'Dringend')
    await expect(notice(`Priorität von #${id} auf Dringend gesetzt`)).toBeVisible()
    await choose(/^Status: /, 'Bei der Bank')
    await expect(notice(`#${id} auf Bei der Bank gesetzt`)).toBeVisible()
    await choose(/^Art: /, 'Störung')
    await expect(notice(`Art von #${id} auf Störung gesetzt`)).toBeVisible()
    await choose(/^Team: /, 'Payments')
    await expect(notice(`#${id} an Payments übergeben`)).toBeVisible()
    await expect(page.getByText('Art von Frage auf Störung geändert')).toBeVisible()
    await page.waitForLoadState('networkidle')
    line.cut()
    const bar = page.getByRole('status', { name: 'Verbindung' })
    await choose(/^Priorität: /, 'Hoch')
    await choose(/^Status: /, 'Wartend')
    await expect(bar.getByRole('listitem')).toContainText([
      `Priorität von #${id} auf Hoch gesetzt`,
      `#${id} auf Wartend gesetzt`,
    ])
    line.mend()
    await expect(bar.getByRole('listitem')).toHaveCount(0)
  } finally {
    line.close()
    await admin.request.patch(`/api/statuses/${own.id}`, { headers, data: { active: false } })
  }
})
