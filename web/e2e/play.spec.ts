import { expect, type Page } from '@playwright/test'
import { editor, makeTicket, messagesOf, signIn, takeBackFor } from './support'
import { test } from './test'

/** So many tickets, and their list, of which each page has two rows: the first alone until `reachable` is called. */
async function shortPages(page: Page, count: number) {
  const word = `Play${Date.now()}${Math.floor(Math.random() * 1000)}`
  const ids: number[] = []
  for (let n = 1; n <= count; n++) ids.push(await makeTicket(page, `${word} number ${n}`))
  let reachable = false
  await page.route(/\/api\/tickets\?/, (route) => {
    const url = new URL(route.request().url())
    if (url.searchParams.has('after') && !reachable) return route.abort()
    url.searchParams.set('limit', '2')
    return route.continue({ url: url.toString() })
  })
  await page.goto(`/?q=${word}&sort=id`)
  await expect(page.locator('[data-ticket]')).toHaveCount(2)
  return {
    word,
    ids,
    open: async () => {
      await page.locator(`[data-ticket="${ids[0]}"]`).getByRole('link').click()
      reachable = true
      await expect(ticket(page, ids[0])).toBeVisible()
    },
    play: async () => {
      await page.getByRole('button', { name: 'Play queue' }).click()
      reachable = true
      await expect(bar(page)).toContainText(`1 of ${count}`)
    },
  }
}

const ticket = (page: Page, id: number | undefined) => page.getByRole('region', { name: `Ticket ${id}`, exact: true })
const bar = (page: Page) => page.getByRole('region', { name: 'Playing the queue' })

test('the tickets behind the page of the list that is loaded come too, by j and by solving', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids, open } = await shortPages(page, 5)
  await open()
  await page.keyboard.press('j')
  await expect(ticket(page, ids[1])).toBeVisible()
  await page.keyboard.press('j')
  await expect(ticket(page, ids[2])).toBeVisible()
  await page.keyboard.press('Shift+E')
  await expect(ticket(page, ids[3])).toBeVisible()
  await page.keyboard.press('j')
  await expect(ticket(page, ids[4])).toBeVisible()
  await expect(page.getByRole('button', { name: 'Next ticket' })).toBeDisabled()
})

test('a page of the list that does not come is told, and asked for again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await shortPages(page, 3)
  await page.locator(`[data-ticket="${ids[1]}"]`).getByRole('link').click()
  await expect(ticket(page, ids[1])).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.getByText('The next tickets of this list could not be loaded')).toBeVisible()
  await expect(ticket(page, ids[1])).toBeVisible()
  await page.unroute(/\/api\/tickets\?/)
  await page.keyboard.press('j')
  await expect(ticket(page, ids[2])).toBeVisible()
})

test('after a reload the list is there again: its place, j, k, and the way back', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { word, ids, open } = await shortPages(page, 5)
  await open()
  for (const id of ids.slice(1, 4)) {
    await page.keyboard.press('j')
    await expect(ticket(page, id)).toBeVisible()
  }
  await page.reload()
  await expect(ticket(page, ids[3])).toContainText('4 of 5')
  await page.keyboard.press('k')
  await expect(ticket(page, ids[2])).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(ticket(page, ids[4])).toBeVisible()
  await page.reload()
  await expect(ticket(page, ids[4])).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(new RegExp(`q=${word}`))
  await expect(page.locator('[data-current]')).toHaveAttribute('data-ticket', String(ids[4]))
})

test('who signs in next in this tab comes back to no list of the one before', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids, open } = await shortPages(page, 3)
  await open()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search tickets and commands' }).fill('Log out')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'E-mail' }).fill('priya@demo.test')
  await page.getByLabel('Password').fill('autocrm-demo')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await page.goto(`/tickets/${ids[0]}`)
  await expect(ticket(page, ids[0])).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).not.toHaveURL(/q=/)
})

test('in play a reply moves on as it is sent, is taken back from there, and going back is for good', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids, play } = await shortPages(page, 3)
  await play()
  await page.keyboard.press('r')
  await editor(page, 'Reply').fill('Sent too early')
  await page.keyboard.press('Control+Enter')
  await expect(ticket(page, ids[1])).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByText(`The reply on #${ids[0]} is a draft again`)).toBeVisible()
  await page.keyboard.press('k')
  await expect(editor(page, 'Reply')).toHaveText('Sent too early')
  await takeBackFor(page, 1)
  await page.keyboard.press('r')
  await page.keyboard.press('Control+Enter')
  await expect(ticket(page, ids[1])).toBeVisible()
  // Whoever comes back while it goes out stays.
  await page.keyboard.press('k')
  await expect(ticket(page, ids[0])).toBeVisible()
  await expect(page.getByRole('article').filter({ hasText: 'Sent too early' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Status: Pending' })).toBeVisible()
  await expect(ticket(page, ids[0])).toBeVisible()
  expect((await messagesOf(page, ids[0] ?? 0)).map(({ body_text }) => body_text)).toContain('Sent too early')
})

test('in play nobody is taken away from what they write', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids, play } = await shortPages(page, 2)
  await play()
  await page.keyboard.press('n')
  await editor(page, 'Internal note').fill('In the middle of')
  // Solved meanwhile by the same person, elsewhere.
  const solved = await page.request.patch(`/api/tickets/${ids[0]}`, {
    headers: { 'x-requested-with': 'autocrm' },
    data: { status: 'solved' },
  })
  expect(solved.ok(), await solved.text()).toBe(true)
  await expect(bar(page)).toContainText('done')
  await page.keyboard.type(' a sentence')
  await expect(editor(page, 'Internal note')).toContainText('a sentence')
  await bar(page).getByRole('button', { name: 'Next' }).click()
  await expect(ticket(page, ids[1])).toBeVisible()
})
