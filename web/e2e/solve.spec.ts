import { expect, type Page, type Request } from '@playwright/test'
import {
  changeTicket,
  colleague,
  editor,
  expectClean,
  holdChanges,
  makeTicket,
  openTicket,
  signIn,
  takeBackFor,
  withForm,
} from './support'
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

test('a solved problem says which incidents it has solved and which not, and that an undo leaves them so', async ({
  browser,
}) => {
  const mark = `Outage${Date.now()}`
  const key = mark.toLowerCase()
  const field = { key, label: 'Root cause', type: 'text' }
  await withForm([field], [{ field: key, required: 'solve' }], async (form) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, `${mark} problem`, { type: 'problem' })
    const incidents = [
      await makeTicket(page, 'It is down', { type: 'incident' }),
      await makeTicket(page, 'It is down here as well', { type: 'incident', form_id: form, team_id: 1 }),
    ] as const
    const headers = { 'x-requested-with': 'autocrm' }
    for (const ticket_id of incidents) {
      const data = { relation: 'problem_of', ticket_id }
      const linked = await page.request.post(`/api/tickets/${id}/links`, { headers, data })
      expect(linked.status(), await linked.text()).toBe(201)
    }
    const notice = (text: string) => page.locator('[data-sonner-toast]').filter({ hasText: text })
    await openTicket(page, id)
    await expect(page.getByText('Solving this ticket solves these too')).toBeVisible()
    await page.keyboard.press('e')
    const told = notice(`Solved #${id} and its incident #${incidents[0]}`)
    await expect(told).toContainText(`The incident #${incidents[1]} could not be solved`)
    expect(await statusOf(page, incidents[0])).toBe('solved')
    await page.keyboard.press('Control+z')
    await expect(notice('Undone: Solved')).toHaveText(
      `Undone: Solved #${id}The incident #${incidents[0]} stays solved.`,
    )
    await expect.poll(() => statusOf(page, id)).toBe('new')

    // From a list, of one that nobody else holds up any more.
    const again = await makeTicket(page, 'It is down again', { type: 'incident' })
    const data = { relation: 'problem_of', ticket_id: again }
    expect((await page.request.post(`/api/tickets/${id}/links`, { headers, data })).status()).toBe(201)
    await page.goto(`/?q=${mark}`)
    await expect(page.locator(`[data-ticket="${id}"]`)).toBeVisible()
    await page.keyboard.press('e')
    await expect(notice(`Solved #${id} and its incident #${again}`)).toBeVisible()
  })
})

test('undoing a solve brings the status back although a field that was asked for cannot be emptied', async ({
  browser,
}) => {
  const key = `claim${Date.now()}`
  const field = { key, label: 'Claim number', type: 'text' }
  await withForm([field], [{ field: key, required: 'create' }], async (form) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Claimed late', { team_id: 1 })
    await page.request.patch(`/api/tickets/${id}`, {
      headers: { 'x-requested-with': 'autocrm' },
      data: { form_id: form },
    })
    await openTicket(page, id)
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: 'Before this ticket is solved' })
    await dialog.getByLabel('Claim number').fill('C-1')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Status: Solved' })).toBeVisible()
    await page.keyboard.press('Control+z')
    const undone = page.locator('[data-sonner-toast]').filter({ hasText: `Undone: Solved #${id}` })
    await expect(undone).toContainText('Claim number is required and keeps its value.')
    const read = async () => (await page.request.get(`/api/tickets/${id}`)).json()
    await expect.poll(async () => (await read()).status).toBe('new')
    expect((await read()).custom[key]).toBe('C-1')
  })
})

test('a reply that solves a problem says which incidents it has solved', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Answered for all', { type: 'problem' })
  const incident = await makeTicket(page, 'Answered with it', { type: 'incident' })
  const linked = await page.request.post(`/api/tickets/${id}/links`, {
    headers: { 'x-requested-with': 'autocrm' },
    data: { relation: 'problem_of', ticket_id: incident },
  })
  expect(linked.status(), await linked.text()).toBe(201)
  await takeBackFor(page, 0)
  await openTicket(page, id)
  await page.keyboard.press('r')
  await editor(page, 'Reply').fill('It works again.')
  await page.keyboard.press('Control+Shift+Enter')
  const notice = page.locator('[data-sonner-toast]').filter({ hasText: `Solved #${id} and its incident #${incident}` })
  await expect(notice).toBeVisible()
  expect(await statusOf(page, incident)).toBe('solved')
})
