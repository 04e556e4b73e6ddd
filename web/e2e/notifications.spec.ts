import { expect, type Page } from '@playwright/test'
import { changeTicket, colleague, makeTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

const idOf = async (page: Page): Promise<number> => (await (await page.request.get('/api/me')).json()).id

/** Priya mentions the one at this page on a new ticket. */
async function mention(page: Page, subject: string) {
  const priya = await colleague()
  const id = await makeTicket(page, subject)
  const reply = await priya.request.post(`/api/tickets/${id}/messages`, {
    headers,
    data: { kind: 'note', body_text: `Can you look at ${subject}?`, mentions: [{ user_id: await idOf(page) }] },
  })
  expect(reply.status(), await reply.text()).toBe(201)
  return id
}

const panel = (page: Page) => page.getByRole('region', { name: 'Notifications', exact: true })

test('a mention arrives live in the bell and the title, is opened by keyboard, and is read then', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const subject = `Mentioned ${Date.now()}`
  const bell = page.getByRole('button', { name: /^Notifications, / })
  await page.request.post('/api/me/notifications/read', { headers, data: { up_to: 1_000_000_000 } })
  await page.reload()
  await expect(page).toHaveTitle(/^All active/)
  const id = await mention(page, subject)
  await expect(bell).toHaveAccessibleName('Notifications, 1 unread', { timeout: 20_000 })
  await expect(page).toHaveTitle('(1) All active · AutoCRM')

  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await expect(panel(page)).toBeFocused()
  const first = panel(page).getByRole('listitem').first()
  await expect(first).toContainText('mentioned you')
  await expect(first).toContainText(`Can you look at ${subject}?`)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await expect(panel(page)).toHaveCount(0)
  await expect(page).toHaveTitle(new RegExp(`^#${id} `))
})

test('an assignment of many that is undone is no news any more', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const bell = page.getByRole('button', { name: /^Notifications/ })
  await page.request.post('/api/me/notifications/read', { headers, data: { up_to: 1_000_000_000 } })
  await page.reload()
  await expect(bell).not.toHaveAccessibleName(/unread/)
  const ids = [await makeTicket(page, 'One of two'), await makeTicket(page, 'Two of two')]
  const { request } = await colleague()
  const data = { action: 'update', ids, changes: { assignee_id: await idOf(page) } }
  const job = await (await request.post('/api/bulk-jobs', { data })).json()
  await expect(bell).toHaveAccessibleName('Notifications, 2 unread', { timeout: 20_000 })
  const undone = await request.post(`/api/bulk-jobs/${job.id}/undo`)
  expect(undone.ok(), await undone.text()).toBe(true)
  await expect(bell).not.toHaveAccessibleName(/unread/, { timeout: 20_000 })
  await page.reload()
  await expect(bell).not.toHaveAccessibleName(/unread/)
})

test('news are marked done and unread by key, done is undone, and the page beside stays in use', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const subject = `Done with ${Date.now()}`
  await mention(page, subject)
  const line = panel(page).getByRole('listitem').filter({ hasText: subject })
  await page.getByRole('button', { name: /^Notifications/ }).click()
  await expect(line.first()).toBeVisible({ timeout: 20_000 })
  await line.first().getByRole('link').focus()
  await line.first().hover()
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await expect(line.getByRole('img', { name: 'unread' })).toHaveCount(1)
  await page.keyboard.press('e')
  await expect(line).toHaveCount(0)
  await page.getByRole('tab', { name: 'Done' }).click()
  await expect(line).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(line).toHaveCount(0)
  await page.getByRole('tab', { name: /^For you/ }).click()
  await expect(line.getByRole('img', { name: 'unread' })).toHaveCount(1)
  // The list behind goes on: what is pressed there is for it.
  await page.getByRole('link', { name: 'Inbox' }).focus()
  await page.locator('#main').getByRole('button', { name: 'Priority', exact: true }).click()
  await expect(page.getByRole('option', { name: 'Urgent' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panel(page)).toBeVisible()
})

test('several news of one ticket are one line, and what is for oneself comes first', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const subject = `Twice ${Date.now()}`
  const id = await mention(page, subject)
  const priya = await colleague()
  for (const text of ['And this?', 'Or that?'])
    await priya.request.post(`/api/tickets/${id}/messages`, {
      headers,
      data: { kind: 'note', body_text: text, mentions: [{ user_id: await idOf(page) }] },
    })
  await page.getByRole('button', { name: /^Notifications/ }).click()
  const line = panel(page).getByRole('listitem').filter({ hasText: subject })
  await expect(line).toContainText('mentioned you, 3 times', { timeout: 20_000 })
  await expect(panel(page).getByRole('region').first()).toHaveAccessibleName('Mentions and assignments')
})

test('the browser asks only after the button, and then tells of it while another tab is in front', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.addInitScript(() => {
    const told: string[] = []
    Object.assign(window, { told, asked: 0 })
    class Fake {
      static permission = 'default'
      static async requestPermission() {
        Object.assign(window, { asked: 1 })
        Fake.permission = 'granted'
        return 'granted'
      }
      onclick = null
      constructor(title: string, { body }: { body: string }) {
        told.push(`${title}: ${body}`)
      }
      close() {}
    }
    Object.assign(window, { Notification: Fake })
  })
  await page.reload()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^Notifications/ }).click()
  expect(await page.evaluate('window.asked')).toBe(0)
  await page.getByRole('button', { name: 'Turn on' }).click()
  expect(await page.evaluate('window.asked')).toBe(1)
  await expect(page.getByRole('button', { name: 'Turn on' })).toHaveCount(0)
  await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' }))
  const subject = `Out of sight ${Date.now()}`
  await mention(page, subject)
  await expect.poll(() => page.evaluate('window.told.join()'), { timeout: 20_000 }).toContain(subject)
})

test('a mark that is refused is put back', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const subject = `Put back ${Date.now()}`
  const id = await mention(page, subject)
  await changeTicket(page, id, { priority: 'high' })
  await page.getByRole('button', { name: /^Notifications/ }).click()
  const line = panel(page).getByRole('listitem').filter({ hasText: subject })
  await expect(line).toHaveCount(1, { timeout: 20_000 })
  await page.route('**/api/me/notifications', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  )
  await line.getByRole('link').focus()
  await line.getByRole('button', { name: /^Done/ }).click()
  await expect(page.getByText('The server cannot be reached').first()).toBeVisible()
  await expect(line).toHaveCount(1)
})
