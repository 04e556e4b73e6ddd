import { expect } from '@playwright/test'
import { cuttableLine, makeTicket, signIn } from './support'
import { test } from './test'

test('every page says within two seconds that the line is down, and that it is back', async ({ browser }) => {
  const line = await cuttableLine()
  const page = await signIn(browser, 'maya@demo.test', { baseURL: line.url })
  const id = await makeTicket(page, 'Cut off everywhere')
  const { requester } = await (await page.request.get(`/api/tickets/${id}`)).json()
  const bar = page.getByRole('status', { name: 'Connection' })
  for (const path of ['/', `/tickets/${id}`, '/search?q=cut', `/customers/${requester.id}`, '/settings/profile']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByRole('status', { name: 'Connection' })).toBeEmpty()
    await page.waitForLoadState('networkidle')
    line.cut()
    await expect(bar, path).toContainText('You are offline.', { timeout: 2000 })
    line.mend()
    await expect(bar, path).toBeEmpty({ timeout: 20_000 })
  }
  line.close()
})
