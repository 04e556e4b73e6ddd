import { expect } from '@playwright/test'
import { colleague, expectClean, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

test('a ticket shows how long there is for what was promised, and no more once it is done', async ({ browser }) => {
  const admin = await colleague('admin@demo.test')
  const mark = `Sla${Date.now()}`
  const made = await admin.request.post('/api/sla-policies', {
    data: {
      name: mark,
      conditions: { field: 'subject', op: 'contains', value: mark },
      targets: [
        { metric: 'first_reply', minutes: 125 },
        { metric: 'resolution', minutes: 2880 },
      ],
    },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { id: policy } = await made.json()
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, mark)
  await openTicket(page, id)
  const levels = page.getByRole('region', { name: 'Service level' })
  // Clocks are counted by the worker.
  await expect(async () => {
    await page.reload()
    await expect(levels).toContainText('First reply', { timeout: 2000 })
  }).toPass()
  await expect(levels).toContainText(/2 ?h 4 ?m.* left/)
  await expect(levels).toContainText(/Resolution.*(1 ?d 23 ?h|2 ?d).* left/)
  await expectClean(page)

  await page.request.post(`/api/tickets/${id}/solve`, { headers: { 'x-requested-with': 'autocrm' }, data: {} })
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(levels).toHaveCount(0, { timeout: 2000 })
  }).toPass()
  await expect(await admin.request.delete(`/api/sla-policies/${policy}`)).toBeOK()
})
