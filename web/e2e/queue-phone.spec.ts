import { expect, type Locator, type Page } from '@playwright/test'
import { expectClean, makeTicket, signIn } from './support'
import { test } from './test'
import { swipe as swipeOver } from './touch'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

async function list(browser: Parameters<typeof signIn>[0], count: number) {
  const desktop = await signIn(browser, 'maya@demo.test')
  const word = `Phone${Date.now()}`
  const ids: number[] = []
  for (let n = 1; n <= count; n++) ids.push(await makeTicket(desktop, `${word} number ${n}`))
  const state = await desktop.context().storageState()
  const page = await (await browser.newContext({ ...PHONE, storageState: state })).newPage()
  await page.goto(`/?q=${word}&sort=id`)
  await expect(page.locator('[data-ticket]')).toHaveCount(count)
  return { page, ids }
}

const row = (page: Page, id: number | undefined) => page.locator(`[data-ticket="${id}"]`)
const ticket = async (page: Page, id: number | undefined) => (await page.request.get(`/api/tickets/${id}`)).json()

const swipe = (row: Locator, by: number) => swipeOver(row.getByRole('gridcell'), by)

test('a swipe beyond 40 % acts, and a shorter one opens the buttons', async ({ browser }) => {
  const { page, ids } = await list(browser, 3)
  await expectClean(page)
  await swipe(row(page, ids[0]), -220)
  await expect(row(page, ids[0])).toHaveCount(0)
  await expect.poll(async () => (await ticket(page, ids[0])).status_category).toBe('solved')
  await swipe(row(page, ids[1]), 220)
  await expect.poll(async () => (await ticket(page, ids[1])).assignee?.name).toBe('Maya Okafor')
  await swipe(row(page, ids[2]), -90)
  await row(page, ids[2]).getByRole('button', { name: 'Solve' }).click()
  await expect.poll(async () => (await ticket(page, ids[2])).status_category).toBe('solved')
})

test('a long press offers every act, and several are selected by tapping', async ({ browser }) => {
  const { page, ids } = await list(browser, 2)
  await row(page, ids[0]).getByRole('gridcell').dispatchEvent('contextmenu')
  const menu = page.getByRole('dialog', { name: `Actions for ticket ${ids[0]}` })
  await expect(menu).toBeVisible()
  await expectClean(page)
  await menu.getByRole('button', { name: 'Set the priority…' }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect.poll(async () => (await ticket(page, ids[0])).priority).toBe('urgent')
  const hint = page.getByRole('note').filter({ hasText: 'Swipe' })
  await expect(hint).toBeVisible()
  await page.getByRole('button', { name: 'Select tickets' }).click()
  await expect(hint).toHaveCount(0)
  for (const id of ids) await row(page, id).getByRole('link').click()
  const bar = page.getByRole('toolbar', { name: 'Selected tickets' })
  await expect(bar).toContainText('2 selected')
  await expectClean(page)
  // What is done often lies in the lower half.
  expect((await bar.boundingBox())?.y ?? 0).toBeGreaterThan(422)
})

test('the button in the bar plays the queue', async ({ browser }) => {
  const { page, ids } = await list(browser, 2)
  await page.getByRole('button', { name: 'Play the queue' }).click()
  await expect(page).toHaveURL(new RegExp(`/tickets/${ids[0]}$`))
  await expect(page.getByRole('region', { name: 'Playing the queue' })).toContainText('1 of 2')
})
