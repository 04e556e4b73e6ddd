import { expect, type Page, type Request } from '@playwright/test'
import { changeTicket, colleague, expectClean, holdChanges, makeTicket, openTicket, signIn, withForm } from './support'
import { test } from './test'

const isSolve = (id: number) => (request: Request) =>
  request.method() === 'POST' && new URL(request.url()).pathname === `/api/tickets/${id}/solve`

const statusOf = async (page: Page, id: number) => (await (await page.request.get(`/api/tickets/${id}`)).json()).status

test('solving is one verb, from the queue, by the keys of the ticket and by its button', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const mark = `Solve${Date.now()}`
  const id = await makeTicket(page, `${mark} me`)
  await page.goto(`/?q=${mark}`)
  const row = page.locator(`[data-ticket="${id}"]`)
  await expect(row).toBeVisible()
  const fromQueue = page.waitForRequest(isSolve(id))
  await page.keyboard.press('e')
  await fromQueue
  await expect(row).toHaveCount(0)

  await openTicket(page, id)
  await expect(page.getByRole('button', { name: 'Status: Solved' })).toBeVisible()
  await page.getByRole('button', { name: 'Reopen' }).click()
  await expect(page.getByRole('button', { name: 'Status: Open' })).toBeVisible()
  await expect.poll(() => statusOf(page, id)).toBe('open')

  const byKeys = page.waitForRequest(isSolve(id))
  await page.keyboard.press('s')
  await page.keyboard.press('s')
  await byKeys
  await expect(page.getByRole('button', { name: 'Status: Solved' })).toBeVisible()
  await page.getByRole('button', { name: 'Reopen' }).click()
  await expect.poll(() => statusOf(page, id)).toBe('open')

  const byButton = page.waitForRequest(isSolve(id))
  await page.getByRole('button', { name: 'Solve', exact: true }).click()
  await byButton
  await expect(page.getByRole('button', { name: 'Reopen' })).toBeVisible()
  await expect.poll(() => statusOf(page, id)).toBe('solved')
})

test('a ticket is solved whatever the desk calls its statuses', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Solved by category')
  await page.route('**/api/statuses?*', async (route) => {
    const response = await route.fetch()
    const list = await response.json()
    for (const status of list.items) status.key = `our_${status.key}`
    await route.fulfill({ response, json: list })
  })
  await openTicket(page, id)
  await page.keyboard.press('e')
  await expect(page.getByRole('button', { name: 'Reopen' })).toBeVisible()
  await expect.poll(() => statusOf(page, id)).toBe('solved')
})

test('a ticket that somebody else changed meanwhile is not solved unseen', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Not as it was')
  await openTicket(page, id)
  await expect(page.getByRole('button', { name: 'Status: New' })).toBeVisible()
  const held = await holdChanges(page)
  await page.getByRole('button', { name: 'Solve', exact: true }).click()
  await held.waiting
  // Shown before anything is answered, and put back by the answer.
  await expect(page.getByRole('button', { name: 'Status: Solved' })).toBeVisible()
  await changeTicket(await colleague(), id, { priority: 'high' })
  held.release()
  await expect(page.getByRole('alert')).toContainText('Priya Raman changed this ticket in the meantime')
  await expect(page.getByRole('button', { name: 'Status: New' })).toBeVisible()
  expect(await statusOf(page, id)).toBe('new')
  await page.getByRole('button', { name: 'Apply mine' }).click()
  await expect(page.getByRole('button', { name: 'Status: Solved' })).toBeVisible()
  await expect.poll(() => statusOf(page, id)).toBe('solved')
})

test('a list asks for what solving requires, and says it by the label of the field', async ({ browser }) => {
  const mark = `Asks${Date.now()}`
  const key = mark.toLowerCase()
  const field = { key, label: 'Root cause', type: 'text' }
  await withForm([field], [{ field: key, required: 'solve' }], async (form) => {
    const page = await signIn(browser, 'maya@demo.test')
    const ids = [
      await makeTicket(page, `${mark} one`, { form_id: form, team_id: 1 }),
      await makeTicket(page, `${mark} two`, { form_id: form, team_id: 1 }),
    ]
    await page.goto(`/?q=${mark}`)
    const rows = page.locator('[data-ticket]')
    await expect(rows).toHaveCount(2)
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: 'Before this ticket is solved' })
    await expect(dialog.getByLabel('Root cause')).toBeFocused()
    await expectClean(page)
    await page.keyboard.type('A loose cable')
    await page.keyboard.press('Control+Enter')
    await expect(dialog).toHaveCount(0)
    await expect(rows).toHaveCount(1)
    const solved = await Promise.all(ids.map(async (id) => (await statusOf(page, id)) === 'solved'))
    expect(solved.filter(Boolean)).toHaveLength(1)

    // Of several it is told which were left, and by what name the desk calls the field.
    const other = await makeTicket(page, `${mark} three`, { form_id: form, team_id: 1 })
    await page.goto(`/?q=${mark}`)
    await expect(page.locator(`[data-ticket="${other}"]`)).toBeVisible()
    await page.keyboard.press('A')
    await page.keyboard.press('e')
    const panel = page.getByRole('region', { name: 'Progress of the change' })
    await expect(panel).toContainText('Root cause is required when a ticket is solved')
    await expect(page.getByText(`custom.${key}`)).toHaveCount(0)
  })
})
