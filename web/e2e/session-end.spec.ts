import { type Browser, expect, type Page } from '@playwright/test'
import { colleague, editor, holdChanges, logIn, makeTicket, openTicket, signIn, takeBackFor } from './support'
import { test } from './test'

const WORDS = 'Dear Naomi, the refund is half'
const priorityOf = async (id: number) =>
  (await (await (await colleague()).request.get(`/api/tickets/${id}`)).json()).priority

/** Another browser of the same person ends this session. */
async function endSession(page: Page) {
  const { items } = await (await page.request.get('/api/me/sessions')).json()
  const own = items.find(({ current }: { current: boolean }) => current)
  const other = await colleague('maya@demo.test')
  expect((await other.request.delete(`/api/me/sessions/${own.id}`)).ok()).toBe(true)
}

/** Maya has a reply half-written and a change on its way when another browser of hers ends this session. */
async function cutOff(browser: Browser) {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Cut off in the middle', { team_id: 1 })
  await openTicket(page, id)
  // What is written last has not reached the server by then.
  await page.route('**/drafts/**', (route) => route.abort())
  await page.keyboard.press('r')
  await expect(editor(page, 'Reply')).toBeFocused()
  await page.keyboard.type(WORDS)
  await expect(editor(page, 'Reply')).toHaveText(WORDS)
  const changes = await holdChanges(page)
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await changes.waiting
  await endSession(page)
  changes.release()
  await expect(page.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
  await expect(
    page.getByText('Your session has ended. What you were writing is kept: log in to go on.', { exact: true }),
  ).toBeVisible()
  await page.unroute('**/drafts/**')
  expect(await priorityOf(id)).toBe('normal')
  return { page, id }
}

const bar = (page: Page) => page.getByRole('status', { name: 'Connection' })

test('after a session that another browser ended, log-in gives back the reply and makes the change', async ({
  browser,
}) => {
  const { page, id } = await cutOff(browser)
  // One is asked for the password alone.
  await expect(page.getByRole('textbox', { name: 'E-mail' })).toHaveValue('maya@demo.test')
  await expect(page.getByLabel('Password')).toBeFocused()
  await page.getByLabel('Password').fill('autocrm-demo')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
  await expect(editor(page, 'Reply')).toHaveText(WORDS)
  await expect(page.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
  await expect.poll(() => priorityOf(id)).toBe('urgent')
  await expect(bar(page)).toBeEmpty()
})

test('somebody else who logs in there gets none of it, and its author finds all of it', async ({ browser }) => {
  const { page, id } = await cutOff(browser)
  await logIn(page, 'priya@demo.test')
  await expect(page.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
  await page.keyboard.press('r')
  await expect(editor(page, 'Reply')).toBeFocused()
  await expect(editor(page, 'Reply')).toHaveText('')
  await page.keyboard.press('Escape')
  await page.waitForLoadState('networkidle')
  await expect(bar(page)).toBeEmpty()
  expect(await priorityOf(id)).toBe('normal')

  await page.getByRole('button', { name: /availability/ }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await logIn(page, 'maya@demo.test')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await expect.poll(() => priorityOf(id)).toBe('urgent')
  await openTicket(page, id)
  await expect(editor(page, 'Reply')).toHaveText(WORDS)
})

test('a reply that an ended session has left unsent is told on the next arrival, with the way to it', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await takeBackFor(page, 0)
  const id = await makeTicket(page, 'Unsent when the session ended', { team_id: 1 })
  await openTicket(page, id)
  await page.keyboard.press('r')
  await expect(editor(page, 'Reply')).toBeFocused()
  await page.keyboard.type(WORDS)
  await endSession(page)
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
  await page.goto('/log-in')
  await logIn(page, 'maya@demo.test')
  await expect(page.getByText(`Your reply on #${id} was not sent`)).toBeVisible()
  await expect(page.getByText('Your session had ended', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  const outbox = page.getByRole('list', { name: 'Outgoing messages' })
  await expect(outbox).toContainText('Not sent: Your session had ended')
  await expect(outbox).toContainText(WORDS)
})

test('whoever is logged in is not asked to log in again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/log-in')
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await page.goto('/log-in?from=/tickets/1?a=b')
  await expect(page).toHaveURL(/\/tickets\/1/)
  await page.goto('/login')
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  const stranger = await (await browser.newContext()).newPage()
  await stranger.goto('/login')
  await expect(stranger).toHaveURL(/\/log-in$/)
  await expect(stranger.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
})
