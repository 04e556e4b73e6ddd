import { expect } from '@playwright/test'
import { breakPath } from './states'
import { makeTicket, openTicket, signIn } from './support'
import { test } from './test'

test('an unknown address and a ticket that is no number are told within the desk, with a way on', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/nowhere')
  await expect(page.getByRole('heading', { name: 'No such page' })).toBeVisible()
  await expect(page).toHaveTitle(/No such page · AutoCRM$/)
  await page.goto('/tickets/abc')
  await expect(page.getByText('“abc” is not a ticket number')).toBeVisible()
  await page.getByRole('link', { name: 'Go to the queue' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})

test('a desk that cannot be read says so and tries again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await breakPath(page, '**/api/me')
  await page.goto('/')
  await expect(page.getByRole('alert')).toContainText('Something went wrong on our side', { timeout: 20_000 })
  await page.unroute('**/api/me')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})

test('each page has its title, takes the focus to its heading and is announced', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await expect(page).toHaveTitle(/All active · AutoCRM$/)
  await page
    .getByRole('link', { name: /^Unassigned/ })
    .first()
    .click()
  await expect(page).toHaveTitle(/Unassigned · AutoCRM$/)
  await expect(page.getByRole('status').filter({ hasText: /^Unassigned$/ })).toBeAttached()
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Profile' })).toBeFocused()
  await expect(page.getByRole('status').filter({ hasText: /^Profile$/ })).toBeAttached()
  await openTicket(page, await makeTicket(page, 'With a name of its own'))
  await expect(page).toHaveTitle(/#\d+ With a name of its own · AutoCRM$/)
})

test('the first Tab leads past the rail to the page', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/settings/appearance')
  await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('radio', { name: 'Use system setting' })).toBeFocused()
})

test('on a phone the views are behind the title, the pages below the thumb, and nothing scrolls sideways', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 390, height: 844 } })
  await page.getByRole('button', { name: 'All active' }).click()
  const views = page.getByRole('dialog', { name: 'Views' })
  await views.getByRole('link', { name: /^Waiting on customer/ }).click()
  await expect(views).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Waiting on customer' })).toBeVisible()
  const bar = page.getByRole('navigation', { name: 'Main' })
  for (const item of await bar.getByRole('link').or(bar.getByRole('button')).all()) {
    const box = await item.boundingBox()
    expect(box?.height).toBeGreaterThanOrEqual(44)
    expect(box?.y).toBeGreaterThan(422)
  }
  for (const path of ['/settings/profile', '/settings/work', '/settings/notifications', '/settings/security']) {
    await page.setViewportSize({ width: 320, height: 640 })
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  }
})

test('from right to left the rail is at the right, and the pane of a tablet comes from there', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 900, height: 700 } })
  await page.goto('/?dir=rtl')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  const rail = await page.getByRole('navigation', { name: 'Main' }).boundingBox()
  expect((rail?.x ?? 0) + (rail?.width ?? 0)).toBe(900)
  await page.getByRole('button', { name: 'All active' }).click()
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null))))
  const views = await page.getByRole('dialog', { name: 'Views' }).boundingBox()
  expect((views?.x ?? 0) + (views?.width ?? 0)).toBe(900)
})

test('the shortcuts are grouped, found by letters, and silent where they are turned off', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.keyboard.press('?')
  const overlay = page.getByRole('dialog', { name: 'Shortcuts' })
  await expect(overlay.getByRole('region', { name: 'Go to' })).toContainText('Assigned to me')
  await page.keyboard.type('assi me')
  await expect(overlay.getByRole('region', { name: 'Go to' }).getByRole('definition')).toHaveText(['GM'])
  await page.keyboard.press('Escape')
  await page.goto('/settings/appearance')
  await page.getByRole('switch', { name: 'Single-key shortcuts' }).click()
  await page.goto('/')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  for (const key of ['c', 'g', 'm', 'x', '?']) await page.keyboard.press(key)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await expect(page.getByRole('toolbar', { name: 'Selected tickets' })).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search tickets and commands' })).toBeFocused()
})

test('the theme follows the system until one is chosen, and more contrast is a choice or the wish of the system', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test', { colorScheme: 'dark' })
  const html = page.locator('html')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect(html).toHaveAttribute('data-theme', 'light')
  await page.emulateMedia({ contrast: 'more' })
  await expect(html).toHaveAttribute('data-contrast', 'more')
  await page.emulateMedia({ contrast: 'no-preference' })
  await expect(html).not.toHaveAttribute('data-contrast', 'more')
  await page.goto('/settings/appearance')
  await page.getByRole('radio', { name: 'Dark' }).check()
  await page.getByRole('switch', { name: 'Increase contrast' }).click()
  await page.reload()
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await expect(html).toHaveAttribute('data-contrast', 'more')
})

test('the list of shortcuts tells which need Shift', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.keyboard.press('?')
  const overlay = page.getByRole('dialog', { name: 'Shortcuts' })
  await expect(overlay.getByText('⇧P', { exact: true })).toBeVisible()
  await expect(overlay.getByText('⇧A', { exact: true })).toBeVisible()
  await expect(overlay.getByText('J', { exact: true })).toBeVisible()
})

test('sections of a pane that cannot be read say so, and come after another try', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  let broken = true
  for (const path of ['teams', 'views', 'object-types', 'statuses'])
    await page.route(`**/api/${path}*`, (route) =>
      broken
        ? route.fulfill({ status: 500, json: { status: 500, detail: 'Something broke' } })
        : path === 'object-types'
          ? route.fulfill({ json: { items: [{ id: 1, key: 'contract', plural_name: 'Contracts' }], next: null } })
          : route.continue(),
    )
  for (const [address, failed, back] of [
    ['/', 2, 'Billing'],
    ['/search', 2, 'Billing'],
    ['/customers', 1, 'Contracts'],
  ] as const) {
    broken = true
    await page.goto(address)
    const pane = page.getByRole('complementary').first()
    const alerts = pane.getByRole('alert')
    await expect(alerts).toHaveCount(failed)
    await expect(pane.getByText(back, { exact: true })).toHaveCount(0)
    broken = false
    for (let left = failed as number; left > 0; left--) {
      await alerts.first().getByRole('button', { name: 'Try again' }).click()
      await expect(alerts).toHaveCount(left - 1)
    }
    await expect(pane.getByText(back, { exact: true })).toBeVisible()
  }
})

test('what an address names wrongly, or what is not for this agent, is told with a way on', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/?created=foo')
  await expect(page.getByRole('alert')).toContainText('foo')
  await page.getByRole('alert').getByRole('button').click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await page.goto('/trash')
  await expect(page.getByText('Only administrators can see the trash.')).toBeVisible()
  await expect(page.getByText('Tickets are kept here for 30 days', { exact: false })).toHaveCount(0)
  await page.getByRole('link', { name: 'To the inbox' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
})

test('a phone finds the customers from the list of views', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 390, height: 844 } })
  await page.getByRole('button', { name: 'All active' }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('Ctrl K')).toBeHidden()
  await sheet.getByRole('link', { name: 'Customers' }).click()
  await expect(page).toHaveURL(/\/customers$/)
})
