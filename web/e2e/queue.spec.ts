import { expect, type Page } from '@playwright/test'
import { expectClean, liveEvents, logIn, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const scrollOf = (page: Page) => page.getByRole('grid', { name: 'Tickets' }).evaluate((box) => box.scrollTop)
const current = (page: Page) => page.locator('[data-current]')

test('the palette opens a ticket by its number', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Found by number')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search tickets and commands' })).toBeFocused()
  await page.keyboard.type(`#${id}`)
  await expect(page.getByRole('option', { name: /Found by number/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Found by number')
})

test('the palette finds views, words of a subject and what can be done here', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const word = `Needle${Date.now()}`
  const id = await makeTicket(page, `${word} in the haystack`)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('unassigned')
  await expect(page.getByRole('option', { name: /^Unassigned/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Unassigned' })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.keyboard.type(word.toLowerCase())
  await expect(page.getByRole('option', { name: new RegExp(word) })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))

  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('wri note')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Internal note' })).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('assign me')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Assignee: Maya Okafor' }).first()).toBeVisible()
})

test('in the palette a ticket that holds the words comes before a view that has only the letters', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await makeTicket(page, 'Where is my refund?')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('refund')
  const first = page.getByRole('dialog').getByRole('option').first()
  await expect(first).toContainText(/refund/i)
  await expect(first).toHaveAttribute('aria-selected', 'true')
})

test('who comes back from a ticket finds the filter, the row and the scroll as they were', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.getByRole('button', { name: 'Priority', exact: true }).click()
  await page.getByRole('option', { name: 'Normal' }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/priority=normal/)
  await expect(page.getByRole('row').nth(20)).toBeVisible()
  for (let i = 0; i < 45; i++) await page.keyboard.press('j')
  await expect(current(page)).toHaveAttribute('aria-rowindex', '47')
  await expect(current(page)).toBeInViewport({ ratio: 1 })
  const ticket = (await current(page).getAttribute('data-ticket')) ?? ''
  const top = await scrollOf(page)
  expect(top).toBeGreaterThan(400)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: `Ticket ${ticket}` })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/priority=normal/)
  await expect(current(page)).toHaveAttribute('data-ticket', ticket)
  expect(await scrollOf(page)).toBe(top)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: `Ticket ${ticket}` })).toBeVisible()
  await page.goBack()
  await expect(current(page)).toHaveAttribute('data-ticket', ticket)
  expect(await scrollOf(page)).toBe(top)
})

test('the filter stands in the address, is asked for once, and follows the address', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    const q = searchParams.get('q')
    if (q && pathname === '/api/tickets') asked.push(q)
  })
  await page.keyboard.press('/')
  // Time stands still meanwhile: on a busy machine letters are far apart.
  await page.clock.pauseAt(Date.now() + 1000)
  await page.keyboard.type('invoice')
  await page.clock.resume()
  await expect(page).toHaveURL(/q=invoice/)
  await expect(page.getByRole('row').nth(1)).toContainText(/invoice/i)
  expect(asked).toEqual(['invoice'])
  await page.reload()
  await expect(page.getByLabel('Filter by subject')).toHaveValue('invoice')
  await page.getByRole('link', { name: /^All active/ }).click()
  await expect(page.getByLabel('Filter by subject')).toHaveValue('')
})

test('all tickets are selected at once, and some are shown as some', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const all = page.getByRole('checkbox', { name: 'Select all loaded tickets' })
  await page.keyboard.press('x')
  await expect(all).toBeChecked({ indeterminate: true })
  await all.click()
  await expect(page.getByText(/^\d{2,} selected$/)).toBeVisible()
  await page.getByRole('checkbox', { name: 'Clear the selection of all tickets' }).click()
  await expect(page.getByRole('toolbar', { name: 'Selected tickets' })).toHaveCount(0)
})

test('the preview follows the cursor', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.keyboard.press('Space')
  const preview = page.getByRole('complementary', { name: 'Preview' })
  for (let i = 0; i < 3; i++) {
    const id = await current(page).getAttribute('data-ticket')
    await expect(preview.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
    await page.keyboard.press('j')
    await expect(current(page)).not.toHaveAttribute('data-ticket', id ?? '')
  }
  await page.keyboard.press('k')
  const id = await current(page).getAttribute('data-ticket')
  await expect(preview.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
  await page.keyboard.press('Space')
  await expect(preview).toHaveCount(0)
})

test('only what others send and the filters let through is announced as new', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const priya = await signIn(browser, 'priya@demo.test')
  const word = `Fresh${Date.now()}`
  const received = liveEvents(maya)
  await maya.goto(`/?q=${word}`)
  await expect(maya.getByText('Nothing here.')).toBeVisible()
  await expect(maya.getByText('Live', { exact: true })).toBeVisible()
  await makeTicket(maya, `${word} from Maya herself`)
  await makeTicket(priya, 'Nothing of that word')
  const id = await makeTicket(priya, `${word} from Priya`)
  // The last of the three has come: the count is no longer on its way.
  await expect.poll(() => received.some((event) => event.ticket_id === id)).toBe(true)
  await expect(maya.getByRole('button', { name: /\d+ new/ })).toHaveText('1 new')
  // It lies over no control.
  const pill = await maya.getByRole('button', { name: '1 new' }).boundingBox()
  const head = await maya.getByRole('columnheader', { name: 'ID' }).boundingBox()
  expect(pill?.y).toBeGreaterThanOrEqual((head?.y ?? 0) + (head?.height ?? 0))
  await maya.getByRole('button', { name: '1 new' }).click()
  await expect(maya.locator(`[data-ticket="${id}"]`)).toBeVisible()
  await expect(maya.getByRole('button', { name: /\d+ new/ })).toHaveCount(0)
})

test('a session that ends leads to log-in and back to the same page, with the draft', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Interrupted')
  await openTicket(page, id)
  await page.keyboard.press('r')
  await page.getByRole('textbox', { name: 'Reply' }).fill('Where was I')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.context().clearCookies()
  await page.getByRole('button', { name: /^Priority: / }).click()
  await page.getByRole('option', { name: 'High' }).click()
  await expect(page.getByRole('heading', { name: 'Log in to your desk' })).toBeVisible()
  await logIn(page, 'maya@demo.test')
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveText('Where was I')
})

test('a filtered queue is where log-in leads back to, and never another host', async ({ page }) => {
  await page.goto('/?assignee=none&q=order')
  await logIn(page, 'maya@demo.test')
  await expect(page).toHaveURL(/\/\?assignee=none&q=order$/)
  await expect(page.getByRole('heading', { name: 'Filtered tickets' })).toBeVisible()
  await page.context().clearCookies()
  await page.goto('/log-in?from=//evil.example')
  await logIn(page, 'maya@demo.test')
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})

test('the keys of the list act again after a popover that was clicked open', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const display = page.getByRole('button', { name: 'Display' })
  const popover = page.getByRole('dialog', { name: 'Display' })
  await display.click()
  await expect(popover).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(popover).toHaveCount(0)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/tickets\/\d+$/)
  await page.goBack()
  // Whoever has gone there by Tab presses it.
  await display.focus()
  await page.keyboard.press('Enter')
  await expect(popover).toBeVisible()
})

test('values of a filter are chosen one after the other by keys: the cursor stays where it chose', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.getByRole('button', { name: 'Priority', exact: true }).click()
  const list = page.getByRole('listbox', { name: 'Priority' })
  await expect(list.getByRole('option').first()).toBeVisible()
  const second = (await list.getByRole('option').nth(1).textContent()) ?? ''
  const third = (await list.getByRole('option').nth(2).textContent()) ?? ''
  const chosen = list.getByRole('option', { selected: true })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(chosen).toHaveText([second])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(chosen).toHaveText([second, third])
})

test('a filter that is not understood is named, and dropped by one button', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/?assignee=any&priority=high')
  await expect(page.getByRole('alert')).toContainText('The filter Assignee does not understand “any”.')
  await expect(page.getByText('nothing was saved')).toHaveCount(0)
  await expect(page.getByText('#any')).toHaveCount(0)
  await expectClean(page)
  await page.getByRole('button', { name: 'Remove this filter' }).click()
  await expect(page).toHaveURL('/?priority=high')
  await expect(page.getByRole('alert')).toHaveCount(0)
})
