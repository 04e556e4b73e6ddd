import { expect } from '@playwright/test'
import { changeTicket, colleague, makeTicket, openTicket, signIn } from './support'
import { test } from './test'
import { swipe } from './touch'

test('the head of a ticket says when the next target runs out, at a desk and on a phone', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { items } = await (
    await page.request.get('/api/tickets?sort=next_breach_at&status_category=active&limit=1')
  ).json()
  const { id, next_breach_at } = items[0]
  expect(next_breach_at).toBeTruthy()
  for (const size of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size)
    await openTicket(page, id)
    const clock = page
      .getByRole('banner')
      .or(page.locator('section header'))
      .locator(`time[datetime="${next_breach_at}"]`)
    await expect(clock.first()).toBeVisible()
    await expect(clock.first()).toHaveText(/left|late/)
  }
})

test('the slots in use follow what is assigned and solved', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const me = await (await page.request.get('/api/me')).json()
  const account = page.getByRole('button', { name: /Maya Okafor/ })
  const slots = (count: number) => expect(account).toContainText(`${count} of ${me.capacity} slots`)
  await slots(me.open_tickets)
  const id = await makeTicket(page, 'Takes a slot')
  const priya = await colleague()
  await changeTicket(priya, id, { assignee_id: me.id })
  await slots(me.open_tickets + 1)
  await changeTicket(priya, id, { status: 'solved' })
  await slots(me.open_tickets)
})

test('beside a preview a list is still filtered and saved', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/?priority=high')
  await page.locator('[data-ticket]').first().waitFor()
  await page.keyboard.press('Space')
  await expect(page.getByRole('complementary', { name: 'Preview' }).getByRole('article').first()).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Save as…' })).toBeInViewport({ ratio: 1 })
  const bar = page.getByRole('group', { name: 'Filters' })
  for (const name of [/Priority/, /Status/, 'Assignee', 'Channel', 'Add a filter'])
    await expect(bar.getByRole('button', { name }).first()).toBeInViewport({ ratio: 1 })
  // With less room, what is not in force is found behind the plus.
  await page.setViewportSize({ width: 1024, height: 900 })
  for (const name of [/Priority/, /Status/])
    await expect(bar.getByRole('button', { name }).first()).toBeInViewport({ ratio: 1 })
  await bar.getByRole('button', { name: 'Add a filter' }).click()
  await page.getByRole('option', { name: 'Assignee' }).click()
  await expect(page.getByRole('combobox', { name: 'Assignee' })).toBeFocused()
  await page.keyboard.press('Escape')
  await page.locator('#queue-rows').focus()
  await page.keyboard.press('Shift+S')
  await expect(page.getByRole('dialog')).toBeVisible()
})

test('a tap elsewhere closes the row that a swipe has opened, and two swipes are hint enough', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 390, height: 844 }, hasTouch: true })
  const mark = `Swiped${Date.now()}`
  for (const each of ['one', 'two', 'three']) await makeTicket(page, `${mark} ${each}`)
  await page.goto(`/?q=${mark}`)
  const rows = page.locator('[data-ticket]')
  await expect(rows).toHaveCount(3)
  const hint = page.getByRole('note')
  await expect(hint).toBeVisible()
  await swipe(rows.nth(0).getByRole('gridcell'), -90)
  await expect(rows.nth(0).getByText('Solve')).toBeVisible()
  await rows.nth(1).tap()
  await expect(rows.nth(0).getByText('Solve')).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(mark))
  for (const at of [0, 1]) await swipe(rows.nth(at).getByRole('gridcell'), 200)
  await expect(hint).toHaveCount(0)
  // The next tap is one again, also after a row that was closed by itself.
  await swipe(rows.nth(0).getByRole('gridcell'), -90)
  await expect(rows.nth(0).getByText('Solve')).toBeVisible()
  await rows.nth(0).tap({ position: { x: 20, y: 20 } })
  await expect(rows.nth(0).getByText('Solve')).toHaveCount(0)
  await rows.nth(2).tap()
  await expect(page).toHaveURL(/tickets\/\d+/)
})

test('a phone leads out of an address without a ticket, and out of the desk', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 390, height: 844 }, hasTouch: true })
  await page.goto('/tickets/999999')
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
  await page.getByRole('link', { name: 'Back to the queue' }).first().click()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await page.getByRole('link', { name: 'Me', exact: true }).click()
  await expect(page.getByRole('link', { name: /Availability: / })).toBeVisible()
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
})
