import { expect, type Page } from '@playwright/test'
import { colleague, makeTicket, openTicket, signIn, withForm } from './support'
import { test } from './test'

/** From the next page on. */
const inGerman = (page: Page) =>
  page.evaluate(() => {
    localStorage.setItem('language', 'de')
    // Not what the account says: only this browser is asked.
    sessionStorage.setItem('language-tried', 'en')
  })

test('in German, what every desk begins with is German: statuses, priorities, keys', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Auf Deutsch', { team_id: 1 })
  await inGerman(page)
  await openTicket(page, id)
  await expect(page.getByRole('button', { name: 'Status: Neu' })).toBeVisible()
  await page.keyboard.press('p')
  await expect(page.getByRole('option', { name: 'Dringend' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog')
  await expect(keys).toContainText('Strg')
  await expect(keys).not.toContainText('Ctrl')
  await page.goto('/')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await page.keyboard.press('?')
  await expect(keys).toContainText('Bild ab')
  await expect(keys).not.toContainText(/PageDown|Home|Space/)
})

/** A form whose one field has to be filled in before a ticket is solved. */
const withCause = (mark: string, work: (form: number, label: string) => Promise<void>) => {
  const cause = { key: `${mark}_cause`.toLowerCase(), label: `Ursache ${mark}`, type: 'text' }
  return withForm([cause], [{ field: cause.key, required: 'solve' }], (form) => work(form, cause.label))
}

test('in German, why tickets of a bulk job were left alone is German', async ({ browser }) => {
  const mark = `Viele${Date.now()}`
  await withCause(mark, async (form, label) => {
    const page = await signIn(browser, 'maya@demo.test')
    const lacking = await makeTicket(page, `${mark} ohne Ursache`, { form_id: form })
    const into = await makeTicket(page, `${mark} bleibt`)
    const merged = await makeTicket(page, `${mark} aufgegangen`)
    const reply = await page.request.post(`/api/tickets/${merged}/merge`, {
      headers: { 'x-requested-with': 'autocrm' },
      data: { into },
    })
    expect(reply.ok(), await reply.text()).toBe(true)
    await inGerman(page)
    await page.goto(`/?q=${mark}&sort=id&category=all`)
    await expect(page.locator('[data-ticket]')).toHaveCount(3)
    await page.keyboard.press('A')
    await page.getByRole('toolbar').getByRole('button', { name: 'Status' }).click()
    await page.getByRole('option', { name: 'Gelöst' }).click()
    const panel = page.getByRole('region').filter({ has: page.getByRole('progressbar') })
    await panel.getByRole('button', { name: 'Die 2 anzeigen' }).click()
    const item = (id: number) => panel.getByRole('listitem').filter({ hasText: `#${id}` })
    await expect(item(lacking)).toContainText(`${label} muss beim Lösen eines Tickets ausgefüllt sein`)
    await expect(item(merged)).toContainText('Status bleibt bei einem geschlossenen Ticket, wie er ist')
    await expect(page.locator(`[data-ticket="${lacking}"]`)).toContainText('muss beim Lösen')
  })
})

test('in German, what the desk itself writes into a conversation is German', async ({ browser }) => {
  await withCause(`System${Date.now()}`, async (form, label) => {
    const page = await signIn(browser, 'maya@demo.test')
    const problem = await makeTicket(page, 'Das Problem', { type: 'problem' })
    const incident = await makeTicket(page, 'Der Vorfall', { form_id: form })
    const { request } = await colleague()
    const reply = await request.post(`/api/tickets/${incident}/links`, {
      data: { relation: 'incident_of', ticket_id: problem },
    })
    expect(reply.ok(), await reply.text()).toBe(true)
    expect((await request.post(`/api/tickets/${problem}/solve`, { data: {} })).ok()).toBe(true)
    await inGerman(page)
    await openTicket(page, incident)
    const line = page.getByRole('listitem').filter({ hasText: 'Das Problem zu diesem Ticket wurde gelöst' })
    await expect(line).toContainText(`dieses Ticket aber nicht: ${label} muss beim Lösen eines Tickets ausgefüllt sein`)
    await expect(line.getByRole('link', { name: `#${problem}` })).toBeVisible()
  })
})
