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

test('the queue shows when the next target runs out, and is sorted by it', async ({ browser }) => {
  const admin = await colleague('admin@demo.test')
  const mark = `Due${Date.now()}`
  const policies: number[] = []
  for (const [word, minutes] of [
    ['soon', 25],
    ['later', 300],
  ] as const) {
    const made = await admin.request.post('/api/sla-policies', {
      data: {
        name: `${mark} ${word}`,
        conditions: { field: 'subject', op: 'contains', value: `${mark} ${word}` },
        targets: [{ metric: 'first_reply', minutes }],
      },
    })
    expect(made.status(), await made.text()).toBe(201)
    policies.push((await made.json()).id)
  }
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto(`/?q=${mark}&columns=status,subject,next_breach_at,updated_at`)
  // They come one after another, and each tells its time once the worker has counted it.
  const later = await makeTicket(page, `${mark} later`)
  const none = await makeTicket(page, `${mark} without`)
  const soon = await makeTicket(page, `${mark} soon`)
  await page.reload()
  const cell = (id: number) => page.locator(`[data-ticket="${id}"]`).getByRole('gridcell').nth(3)
  await expect(cell(later)).toHaveText('5h left')
  await expect(cell(soon)).toHaveText(/2[45]m left/)
  await expect(cell(soon).getByText('left')).toHaveAccessibleDescription(/^The next target runs out: /)
  await expect(cell(none)).toHaveText('')
  const head = page.getByRole('columnheader', { name: 'Next breach' })
  await head.getByRole('button').click()
  await expect(head).toHaveAttribute('aria-sort', 'ascending')
  const order = () => page.locator('[data-ticket]').evaluateAll((rows) => rows.map((row) => Number(row.dataset.ticket)))
  await expect.poll(order).toEqual([soon, later, none])
  await head.getByRole('button').click()
  await expect.poll(order).toEqual([none, later, soon])
  await expectClean(page)

  // Late is said in words too, and what is done is promised no more.
  await page.clock.setFixedTime(Date.now() + 40 * 60_000)
  await page.reload()
  await expect(cell(soon)).toHaveText(/1[56]m late/)
  await expectClean(page)
  await page.request.post(`/api/tickets/${later}/solve`, { headers: { 'x-requested-with': 'autocrm' }, data: {} })
  await expect(cell(later)).toHaveText('')
  for (const id of policies) await expect(await admin.request.delete(`/api/sla-policies/${id}`)).toBeOK()
})
