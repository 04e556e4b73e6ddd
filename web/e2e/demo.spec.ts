import { expect } from '@playwright/test'
import { editor, openTicket, signIn } from './support'
import { test } from './test'

test('the demo desk has clocks that run and some that are late, in the queue and on the ticket', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const reads = async (what: string): Promise<{ id: number; next_breach_at: string }[]> =>
    (await (await page.request.get(`/api/tickets?sort=${what}&limit=100&status_category=active`)).json()).items
  // They are counted by the worker.
  await expect.poll(async () => (await reads('next_breach_at'))[0]?.next_breach_at ?? null).not.toBeNull()
  await page.getByRole('link', { name: 'Due next' }).click()
  await expect(page.getByRole('columnheader', { name: 'Next breach' })).toBeVisible()
  await expect(page.locator('[data-ticket]').first()).toContainText(/late|left/)
  const ahead = (await reads('next_breach_at')).filter((each) => Date.parse(each.next_breach_at) > Date.now())
  expect(ahead.length).toBeGreaterThan(10)
  await openTicket(page, ahead.at(-1)?.id ?? 0)
  await expect(page.getByRole('region', { name: 'Service level' })).toContainText('left')
})

test('the demo desk has macros with words, with changes, and with both', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const [{ id }] = (await (await page.request.get('/api/tickets?limit=1&status_category=active')).json()).items
  await openTicket(page, id)
  await page.keyboard.press('m')
  await expect(editor(page, 'Reply')).toHaveText('/')
  const list = page.getByRole('listbox', { name: 'Macros' })
  for (const name of ['We are on it', 'Solved, with thanks', 'Escalate to Platform', 'Spam'])
    await expect(list.getByRole('option', { name })).toBeVisible()
  await page.keyboard.type('We are on it')
  await expect(page.getByText('I am looking into it and come back to you today.')).toBeVisible()
})
