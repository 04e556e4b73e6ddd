import { expect, type Page } from '@playwright/test'
import { listOf, row, ticket } from './queue-list'
import { breakPath } from './states'
import { changeTicket, expectClean, signIn } from './support'
import { test } from './test'

const current = (page: Page) => page.locator('[data-current]')

async function nobodys(page: Page, ids: number[]) {
  for (const id of ids) await changeTicket(page, id, { assignee_id: null, team_id: null })
}

test('acts one after the other are for one ticket after the other, wherever the first one goes', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { word, ids } = await listOf(page, 4)
  await nobodys(page, ids)
  // Newest change first: each ticket that is changed belongs to the top.
  await page.goto(`/?q=${word}`)
  await expect(page.locator('[data-ticket]')).toHaveCount(4)
  await expect(page.getByRole('grid', { name: 'Tickets' })).toBeFocused()
  const order = await page
    .locator('[data-ticket]')
    .evaluateAll((rows) => rows.map((each) => each.getAttribute('data-ticket')))
  for (let n = 0; n < 4; n++) {
    await page.keyboard.press('i')
    await expect(row(page, Number(order[n])).getByRole('img', { name: 'Maya Okafor' })).toBeVisible()
    await page.keyboard.press('j')
  }
  for (const id of ids) await expect.poll(async () => (await ticket(page, id)).assignee?.name).toBe('Maya Okafor')
})

test('who goes on by j after each act skips nothing, in a list that the ticket leaves as well', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { word, ids } = await listOf(page, 4)
  await nobodys(page, ids)
  await page.goto(`/?assignee=none&q=${word}&sort=id`)
  await expect(page.locator('[data-ticket]')).toHaveCount(4)
  const head = page.locator('header').filter({ has: page.getByRole('heading', { level: 1 }) })
  await expect(head).toContainText('4 tickets')
  for (const id of ids.slice(0, 2)) {
    await page.keyboard.press('i')
    await expect(row(page, id)).toHaveCount(0)
    await page.keyboard.press('j')
  }
  for (const id of ids.slice(0, 2)) await expect.poll(async () => (await ticket(page, id)).assignee?.name).toBeTruthy()
  expect((await ticket(page, ids[2])).assignee).toBeNull()
  await expect(current(page)).toHaveAttribute('data-ticket', String(ids[2]))
  // What has left is not counted.
  await expect(head).toContainText('2 tickets')
  // Later on it is a step like any other.
  await page.keyboard.press('j')
  await expect(current(page)).toHaveAttribute('data-ticket', String(ids[3]))
})

test('a ticket that is solved leaves the list at once, and the next act is for the next one', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 3)
  await page.keyboard.press('e')
  await expect(row(page, ids[0])).toHaveCount(0)
  await expect(current(page)).toHaveAttribute('data-ticket', String(ids[1]))
  await page.keyboard.press('e')
  await expect(page.locator('[data-ticket]')).toHaveCount(1)
  await expect.poll(async () => (await ticket(page, ids[1])).status_category).toBe('solved')
  await page.keyboard.press('Control+z')
  await expect(row(page, ids[1])).toBeVisible()
  await expect.poll(async () => (await ticket(page, ids[1])).status_category).not.toBe('solved')
  expect((await ticket(page, ids[2])).status_category).not.toBe('solved')
})

test('who takes a ticket from a colleague is told from whom, and can give it back', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 1)
  const people = (await (await page.request.get('/api/teams?limit=200')).json()).items.flatMap(
    (team: { members: { id: number; name: string }[] }) => team.members,
  )
  const priya = people.find((each: { name: string }) => each.name.startsWith('Priya'))
  await changeTicket(page, ids[0] as number, { assignee_id: priya.id })
  await expect(row(page, ids[0]).getByRole('img', { name: priya.name })).toBeVisible()
  await page.keyboard.press('i')
  await expect(page.getByText(`no longer with ${priya.name}`)).toBeVisible()
  await page.getByRole('button', { name: 'Undo Ctrl+Z' }).click()
  await expect.poll(async () => (await ticket(page, ids[0])).assignee.name).toBe(priya.name)
})

test('priority, team, tag, assignee, status and macro are set from the list by keys alone', async ({ browser }) => {
  const admin = await signIn(browser, 'admin@demo.test')
  const macro = `Macro${Date.now()}`
  const made = await admin.request.post('/api/macros', {
    headers: { 'x-requested-with': 'autocrm' },
    data: { name: macro, scope: 'shared', actions: [{ set: 'priority', value: 'low' }, { add_tags: ['by-macro'] }] },
  })
  expect(made.status(), await made.text()).toBe(201)
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 1)
  const choose = async (key: string, text: string) => {
    await page.keyboard.press(key)
    await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
    await page.keyboard.type(text)
    await expect(page.getByRole('option').first()).toContainText(text)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await choose('p', 'Urgent')
  await choose('t', 'Billing')
  await choose('l', `tag${ids[0]}`)
  await choose('a', 'Maya')
  await page.keyboard.press('s')
  await page.keyboard.press('o')
  await expect
    .poll(async () => {
      const { priority, team, tags, assignee, status_category } = await ticket(page, ids[0])
      return [priority, team?.name, tags.includes(`tag${ids[0]}`), assignee?.name, status_category]
    })
    .toEqual(['urgent', 'Billing', true, 'Maya Okafor', 'open'])
  await choose('m', macro)
  await expect.poll(async () => (await ticket(page, ids[0])).tags).toContain('by-macro')
  expect((await ticket(page, ids[0])).priority).toBe('low')
})

test('rows are links: with Ctrl they open in a tab of their own', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { word, ids } = await listOf(page, 1)
  const tab = page.context().waitForEvent('page')
  await page.getByRole('link', { name: `${word} number 1` }).click({ modifiers: ['ControlOrMeta'] })
  await expect(await tab).toHaveURL(new RegExp(`/tickets/${ids[0]}$`))
  await expect(page).toHaveURL(new RegExp(`q=${word}`))
})

test('a change that was refused stays told until it is closed or made after all', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 1)
  const path = `**/api/tickets/${ids[0]}`
  await changeTicket(page, ids[0] as number, { assignee_id: null, team_id: null })
  await page.clock.install()
  await page.reload()
  await expect(row(page, ids[0])).toBeVisible()
  await breakPath(page, path)
  await page.keyboard.press('i')
  const notice = page.locator('[data-sonner-toast]').filter({ hasText: `#${ids[0]} was not changed` })
  await expect(notice).toContainText('Something went wrong on our side')
  await page.clock.runFor(60_000)
  await expect(notice).toBeVisible()
  await expectClean(page)
  await notice.getByRole('button', { name: 'Close the notice' }).click()
  await page.clock.runFor(2000)
  await expect(notice).toHaveCount(0)
  await page.keyboard.press('i')
  await expect(notice).toBeVisible()
  await page.unroute(path)
  await notice.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(async () => (await ticket(page, ids[0])).assignee?.name).toBe('Maya Okafor')
})

test('the list is a grid whose cursor screen readers follow', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 2)
  const grid = page.getByRole('grid', { name: 'Tickets' })
  await expect(grid).toBeFocused()
  await expect(grid).toHaveAttribute('aria-activedescendant', `row-${ids[0]}`)
  await page.keyboard.press('ArrowDown')
  await expect(grid).toHaveAttribute('aria-activedescendant', `row-${ids[1]}`)
  await page.keyboard.press('x')
  await expect(row(page, ids[1])).toHaveAttribute('aria-selected', 'true')
  await expect(row(page, ids[0])).toHaveAttribute('aria-selected', 'false')
  await expect(page.getByRole('columnheader', { name: 'ID' })).toHaveAttribute('aria-sort', 'ascending')
})

test('a list that cannot be read says so and is read again on request', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  let broken = true
  await page.route(/\/api\/tickets\?/, (route) =>
    broken ? route.fulfill({ status: 500, json: { status: 500, detail: 'It broke inside' } }) : route.continue(),
  )
  await page.goto('/?priority=high')
  await expect(page.getByRole('alert')).toContainText('The tickets could not be loadedIt broke inside')
  await expectClean(page)
  broken = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
})

test('an empty list says what to do, and passes the checks of accessibility', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto(`/?q=Nothing${Date.now()}`)
  await expect(page.getByText('Nothing here.')).toBeVisible()
  await expectClean(page)
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})

test('choices that could not be read are told, and read again on request', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  let broken = true
  await page.route('**/api/priorities?*', (route) =>
    broken ? route.fulfill({ status: 500, json: {} }) : route.continue(),
  )
  await page.reload()
  await page.getByRole('button', { name: 'Priority', exact: true }).click()
  await expect(page.getByText('This list could not be read.')).toBeVisible({ timeout: 20_000 })
  broken = false
  await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('option', { name: 'Urgent' })).toBeVisible()
})

test('what a customer wrote is marked until it is read, and again by a key', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { word, ids } = await listOf(page, 1)
  await expect(row(page, ids[0]).getByRole('img', { name: 'Unread' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: `Ticket ${ids[0]}` })).toBeVisible()
  await page.waitForResponse((reply) => reply.url().endsWith(`/api/tickets/${ids[0]}/read`))
  await page.goto(`/?q=${word}`)
  await expect(row(page, ids[0])).toBeVisible()
  await expect(row(page, ids[0]).getByRole('img', { name: 'Unread' })).toHaveCount(0)
  await page.keyboard.press('u')
  await expect(row(page, ids[0]).getByRole('img', { name: 'Unread' })).toBeVisible()
})

test('a row shows who else is looking at its ticket', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 1)
  const priya = await signIn(browser, 'priya@demo.test')
  await priya.goto(`/tickets/${ids[0]}`)
  await expect(priya.getByRole('region', { name: `Ticket ${ids[0]}` })).toBeVisible()
  await expect(row(page, ids[0]).getByRole('img', { name: /Looking at this ticket: Priya/ })).toBeVisible({
    timeout: 20_000,
  })
})

test('a queue that is played brings the next ticket after each one that is done with', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 3)
  await page.getByRole('button', { name: 'Play queue' }).click()
  const bar = page.getByRole('region', { name: 'Playing the queue' })
  await expect(bar).toContainText('1 of 3')
  await expect(page.getByRole('region', { name: `Ticket ${ids[0]}` })).toBeVisible()
  await page.keyboard.press('e')
  await expect(page.getByRole('region', { name: `Ticket ${ids[1]}` })).toBeVisible()
  await bar.getByRole('button', { name: 'Skip' }).click()
  await expect(page.getByRole('region', { name: `Ticket ${ids[2]}` })).toBeVisible()
  await expectClean(page)
  await page.keyboard.press('e')
  await expect(page.getByText('That was the last ticket of this list.')).toBeVisible()
  await expect(page.getByRole('grid', { name: 'Tickets' })).toBeVisible()
})
