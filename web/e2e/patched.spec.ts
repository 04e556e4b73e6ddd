import { expect, type Page } from '@playwright/test'
import { changeTicket, colleague, editor, liveEvents, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

/** What this page reads of tickets from now on; the counts beside the views are summed up once a second. */
function reads(page: Page) {
  const all: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (request.method() === 'GET' && /^\/api\/tickets/.test(pathname) && !pathname.endsWith('/counts'))
      all.push(pathname)
  })
  return all
}

const conversation = (page: Page) => page.getByRole('region', { name: 'Conversation' })

test('a change of one’s own reads nothing again: its answer and its event tell all', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Read once')
  await openTicket(page, id)
  await expect(conversation(page)).toContainText('About: Read once')
  await page.waitForLoadState('networkidle')
  const seen = reads(page)
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect(conversation(page)).toContainText('changed priority from Normal to Urgent')
  await page.keyboard.press('s')
  await page.keyboard.press('h')
  await expect(conversation(page)).toContainText('changed status from New to On hold')
  await page.waitForTimeout(1200)
  expect(seen).toEqual([])
})

test('a message of one’s own is shown from its answer, together with the status it set', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Answered once')
  await openTicket(page, id)
  await expect(conversation(page)).toContainText('About: Answered once')
  await page.waitForLoadState('networkidle')
  const seen = reads(page)
  await page.keyboard.press('r')
  await editor(page, 'Reply').pressSequentially('Here you are')
  await editor(page, 'Reply').press('Control+Enter')
  await expect(conversation(page)).toContainText('Here you are')
  await expect(conversation(page)).toContainText('changed status from New to Pending')
  await expect(page.getByRole('button', { name: 'Status: Pending' })).toBeVisible()
  await page.waitForTimeout(1200)
  expect(seen.filter((path) => !path.includes('/drafts'))).toEqual([])
  await expect(conversation(page).getByText('Here you are')).toHaveCount(1)
})

test('what a colleague does is shown from the event; of a message that one is read', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Seen from afar')
  await openTicket(page, id)
  await expect(conversation(page)).toContainText('About: Seen from afar')
  await page.waitForLoadState('networkidle')
  const seen = reads(page)
  const priya = await colleague()
  await changeTicket(priya, id, { priority: 'high', tags: ['afar'] })
  await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
  await expect(conversation(page)).toContainText('Priya Raman')
  await expect(page.getByText('afar', { exact: true }).first()).toBeVisible()
  expect(seen).toEqual([])
  const reply = await priya.request.post(`/api/tickets/${id}/messages`, {
    data: { kind: 'note', body_text: 'I have called them' },
  })
  expect(reply.status()).toBe(201)
  await expect(conversation(page)).toContainText('I have called them')
  await page.waitForTimeout(1200)
  expect(seen).toEqual([expect.stringMatching(/\/messages\/\d+$/)])
})

test('a change after one’s own message meets no conflict, however slow the line', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Far from the server')
  await openTicket(page, id)
  await expect(page.getByRole('button', { name: 'Status: New' })).toBeVisible()
  await page.route('**/api/tickets/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    await route.continue()
  })
  await page.keyboard.press('n')
  await editor(page, 'Internal note').pressSequentially('First this')
  await editor(page, 'Internal note').press('Control+Enter')
  await editor(page, 'Internal note').press('Escape')
  await page.keyboard.press('s')
  await page.keyboard.press('h')
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: 'High' }).click()
  await page.keyboard.press('e')
  await expect(page.getByRole('button', { name: 'Reopen' })).toBeVisible()
  await expect
    .poll(async () => (await page.request.get(`/api/tickets/${id}`)).json())
    .toMatchObject({ status: 'solved', priority: 'high' })
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('an answer that was overtaken by a change on its way is not shown for the newer one', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const received = liveEvents(page)
  const id = await makeTicket(page, 'Overtaken')
  const priya = await colleague()
  let asked = 0
  await page.route(`**/api/tickets/${id}`, async (route) => {
    if (asked++) return route.continue()
    const response = await route.fetch()
    await expect.poll(() => received.some(({ type }) => type === 'ready')).toBe(true)
    await changeTicket(priya, id, { priority: 'high' })
    await expect
      .poll(() => received.some((event) => event.ticket_id === id && 'priority' in (event.changes ?? {})))
      .toBe(true)
    await route.fulfill({ response })
  })
  // The ticket under the cursor is read ahead.
  await page.reload()
  await page.locator(`[data-ticket="${id}"]`).getByRole('link').first().click()
  await expect(page.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
})

test('what happens while the conversation is read for the first time stands in it', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const received = liveEvents(page)
  const id = await makeTicket(page, 'Read while it changed')
  const priya = await colleague()
  let asked = 0
  await page.route(`**/api/tickets/${id}/timeline?*`, async (route) => {
    if (asked++) return route.continue()
    const response = await route.fetch()
    await expect.poll(() => received.some(({ type }) => type === 'ready')).toBe(true)
    await changeTicket(priya, id, { priority: 'high' })
    await expect
      .poll(() => received.some((event) => event.ticket_id === id && 'priority' in (event.changes ?? {})))
      .toBe(true)
    await route.fulfill({ response })
  })
  await openTicket(page, id)
  await expect(conversation(page)).toContainText('Priya Raman changed priority from Normal to High')
})

test('what happens between the first reads and the line is seen too', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Changed before the line stood')
  const priya = await colleague()
  let connect = () => {}
  const connected = new Promise<void>((resolve) => {
    connect = resolve
  })
  await page.routeWebSocket(/\/api\/live$/, (line) => {
    const early: (string | Buffer)[] = []
    line.onMessage((message) => void early.push(message))
    void connected.then(() => {
      const server = line.connectToServer()
      line.onMessage((message) => server.send(message))
      for (const message of early) server.send(message)
    })
  })
  await openTicket(page, id)
  await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
  await expect(conversation(page)).toContainText('About: Changed before the line stood')
  await changeTicket(priya, id, { priority: 'high' })
  connect()
  await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
  await expect(conversation(page)).toContainText('Priya Raman changed priority from Normal to High')
})

test('a row of a list that was overtaken on its way is shown as it is now', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const received = liveEvents(page)
  const word = `Overtaken${Date.now()}`
  const id = await makeTicket(page, word)
  const priya = await colleague()
  await page.goto('/')
  await expect.poll(() => received.some(({ type }) => type === 'ready')).toBe(true)
  await page.route(`**/api/tickets?*q=${word}*`, async (route) => {
    const response = await route.fetch()
    await changeTicket(priya, id, { priority: 'urgent' })
    await expect
      .poll(() => received.some((event) => event.ticket_id === id && 'priority' in (event.changes ?? {})))
      .toBe(true)
    await route.fulfill({ response })
  })
  await page.keyboard.press('/')
  await page.keyboard.type(word)
  await page.keyboard.press('Enter')
  await expect(page.locator(`[data-ticket="${id}"]`).getByRole('img', { name: 'Urgent' })).toBeVisible()
})
