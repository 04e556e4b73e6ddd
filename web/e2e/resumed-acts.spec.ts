import { expect, type Page } from '@playwright/test'
import { colleague, logIn, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const bar = (page: Page) => page.getByRole('status', { name: 'Connection' })
const ticketOf = async (id: number) => (await (await colleague()).request.get(`/api/tickets/${id}`)).json()

/** Changes of tickets come to nothing, as behind a proxy that is down; all else is read as ever. */
async function breakChanges(page: Page) {
  await page.route(/\/api\/tickets\/\d+$/, (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  )
  return () => page.unroute(/\/api\/tickets\/\d+$/)
}

async function setPriority(page: Page, label: string) {
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: label }).click()
}

test('what waits for the line waits on after the page is loaded anew, and each can be dropped', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Loaded anew')
  await openTicket(page, id)
  const mend = await breakChanges(page)
  await setPriority(page, 'Urgent')
  await page.getByRole('button', { name: 'Take it' }).click()
  await expect(bar(page).getByRole('listitem')).toHaveCount(2)

  await page.reload()
  await expect(bar(page).getByRole('listitem')).toHaveText([
    `Set the priority of #${id} to Urgent`,
    `Assigned #${id} to Maya Okafor`,
  ])
  // Shown as they will be.
  await expect(page.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Assignee: Maya Okafor' }).first()).toBeVisible()
  await bar(page)
    .getByRole('button', { name: `Discard: Set the priority of #${id} to Urgent` })
    .click()
  await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
  await mend()
  await page.reload()
  await expect.poll(async () => (await ticketOf(id)).assignee?.name).toBe('Maya Okafor')
  await expect(bar(page)).toBeEmpty()
  expect((await ticketOf(id)).priority).toBe('normal')
})

test('a new ticket whose answer was lost is made once, although the page was loaded anew', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const subject = `Once${Date.now()}`
  const arrived = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/api/tickets'),
  )
  await page.route('**/api/tickets', async (route) => {
    await route.fetch()
    await route.abort()
  })
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel("Requester's e-mail").fill('naomi.byrne@halcyon.example')
  await dialog.getByLabel('Subject').fill(subject)
  await dialog.getByLabel('What is it about?').fill('Twice is too often')
  await dialog.getByRole('button', { name: 'Create ticket' }).click()
  await arrived
  await expect(dialog.getByText('It is sent as soon as you are online again')).toBeVisible()

  await page.unroute('**/api/tickets')
  await page.reload()
  await expect(page.getByText(`Sent now: Create the ticket “${subject}”`)).toBeVisible()
  await expect(bar(page)).toBeEmpty()
  const found = await (await page.request.get(`/api/tickets?q=${subject}&status_category=active`)).json()
  expect(found.items).toHaveLength(1)
  await page.keyboard.press('c')
  await expect(dialog.getByLabel('Subject')).toHaveValue('')
})

test('whoever logs in next neither sees nor sends what waits; its author finds it again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Not yours to send')
  await openTicket(page, id)
  const mend = await breakChanges(page)
  await setPriority(page, 'Urgent')
  await expect(bar(page).getByRole('listitem')).toHaveCount(1)
  const leave = async () => {
    await page.getByRole('button', { name: /availability/ }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
  }
  await leave()
  await mend()
  await logIn(page, 'priya@demo.test')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await openTicket(page, id)
  await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
  await expect(bar(page)).toBeEmpty()
  await page.waitForLoadState('networkidle')
  expect((await ticketOf(id)).priority).toBe('normal')

  await leave()
  await logIn(page, 'maya@demo.test')
  await expect(page.locator('[data-sonner-toast]')).toContainText(`Set the priority of #${id} to Urgent`)
  await expect.poll(async () => (await ticketOf(id)).priority).toBe('urgent')
})

test('what one page waits with is sent by another once that is closed, and not before', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Left in a tab')
  await openTicket(page, id)
  await breakChanges(page)
  await setPriority(page, 'High')
  await expect(bar(page).getByRole('listitem')).toHaveCount(1)
  const other = await page.context().newPage()
  await openTicket(other, id)
  await other.waitForLoadState('networkidle')
  await expect(bar(other)).toBeEmpty()
  expect((await ticketOf(id)).priority).toBe('normal')
  await page.close()
  await expect.poll(async () => (await ticketOf(id)).priority).toBe('high')
})
