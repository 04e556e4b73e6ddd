/** The list of tickets, as several specs use it. */
import { expect, type Page } from '@playwright/test'
import { makeTicket } from './support'

/** So many tickets of one's own word, and the list of them, the oldest first. */
export async function listOf(page: Page, count: number, more: object = {}) {
  const word = `Act${Date.now()}${Math.floor(Math.random() * 1000)}`
  const ids: number[] = []
  for (let n = 1; n <= count; n++) ids.push(await makeTicket(page, `${word} number ${n}`, more))
  await page.goto(`/?q=${word}&sort=id`)
  await expect(page.locator('[data-ticket]')).toHaveCount(count)
  return { word, ids }
}

export const row = (page: Page, id: number | undefined) => page.locator(`[data-ticket="${id}"]`)

export const ticket = async (page: Page, id: number | undefined) =>
  (await page.request.get(`/api/tickets/${id}`)).json()

/** Where a change of many tells how far it is. */
export const panel = (page: Page) => page.getByRole('region', { name: 'Progress of the change' })
