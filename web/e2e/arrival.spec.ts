import { type BrowserContext, expect, type Page } from '@playwright/test'
import { breakPath } from './states'
import { logIn, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

/** To an address within the desk, as a link does it. */
const follow = (page: Page, address: string) => page.evaluate((to) => history.pushState(null, '', to), address)

/** The page has its name in its heading, in the tab and for screen readers, and the keyboard is the page's. */
async function expectArrived(page: Page, name: string) {
  await expect(page.getByRole('heading', { level: 1, name })).toBeFocused()
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
  await expect(page).toHaveTitle(new RegExp(`${name} · AutoCRM$`))
  await expect(page.getByRole('status').filter({ hasText: name })).toBeAttached()
}

async function expectKeys(page: Page) {
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  // Long before keys that were held for a page would be given up.
  await expect(page.getByRole('heading', { level: 1, name: 'All active' })).toBeVisible({ timeout: 5000 })
}

// One log-in for all: each test begins with a page of its own.
let desk: BrowserContext

test.beforeAll(async ({ browser }) => {
  desk = (await signIn(browser, 'maya@demo.test')).context()
})
test.afterAll(() => desk.close())

/** The queue, read and live. */
async function queue() {
  const page = await desk.newPage()
  await page.goto('/')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  return page
}

const MISSING: [string, string, string][] = [
  ['a person', '/customers/99999999', 'No such person'],
  ['an organization', '/organizations/99999999', 'No such organization'],
  ['a type of objects', '/objects/nothing_of_the_kind', 'No such object type'],
  ['a record', '/objects/nothing_of_the_kind/99999999', 'No such record'],
  ['a ticket', '/tickets/99999999', 'No such ticket'],
  ['a view', '/?view=99999999', 'There is no such view.'],
  ['a page', '/nowhere', 'No such page'],
]

for (const [what, address, name] of MISSING)
  test(`where ${what} is not there the page has a name, the focus and the keyboard`, async () => {
    const page = await queue()
    await follow(page, address)
    await expectArrived(page, name)
    await expectKeys(page)
    await page.close()
  })

const UNREADABLE: [string, string, RegExp][] = [
  ['a person', '/customers/1', /\/api\/users\/1$/],
  ['an organization', '/organizations/1', /\/api\/organizations\/1$/],
  ['the types of objects', '/objects/asset', /\/api\/object-types\?/],
  ['a record', '/objects/asset/1', /\/api\/object-records\/1$/],
  ['the views', '/?view=1', /\/api\/views\?/],
  ['the statuses, of which a view is made,', '/?view=1', /\/api\/statuses\?/],
]

for (const [what, address, path] of UNREADABLE)
  test(`where ${what} cannot be read the page has a name and the keyboard, and tries again`, async () => {
    const page = await desk.newPage()
    await breakPath(page, path)
    await page.goto(address)
    await expect(page.getByRole('heading', { level: 1, name: 'Something went wrong' })).toBeVisible()
    await expect(page).toHaveTitle(/Something went wrong · AutoCRM$/)
    await page.unroute(path)
    await page.getByRole('main').getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Something went wrong' })).toHaveCount(0)
    await expectKeys(page)
    await page.close()
  })

test('the log-in page after a session has a title of its own, and takes nobody’s from before', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await openTicket(page, await makeTicket(page, 'A subject for the tab'))
  await expect(page).toHaveTitle(/A subject for the tab · AutoCRM$/)
  await page.context().clearCookies()
  // Whatever is read next is refused, by this page or by the one it came from.
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { level: 1, name: 'Log in to your desk' })).toBeVisible()
  await expect(page).toHaveTitle('Log in to your desk · AutoCRM')
  await logIn(page, 'maya@demo.test')
  await expect(page).toHaveTitle(/(All people|A subject for the tab) · AutoCRM$/)
})
