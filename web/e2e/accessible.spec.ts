import { type BrowserContext, expect, type Page } from '@playwright/test'
import { DIALOGS } from './dialog-states'
import { STATES } from './states'
import { expectClean, logIn, signIn } from './support'
import { test } from './test'

const MODES = [
  { colorScheme: 'light', contrast: 'no-preference' },
  { colorScheme: 'dark', contrast: 'no-preference' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
] as const

/** What is shown has no barrier, in both themes, with and without more contrast. */
async function expectCleanInAllModes(page: Page) {
  for (const [at, mode] of MODES.entries()) {
    await page.emulateMedia(mode)
    await expect(page.locator('html')).toHaveAttribute('data-theme', mode.colorScheme)
    await expectClean(page, at > 0)
  }
}

// One log-in for all: each test begins with a page of its own.
let desk: BrowserContext

test.beforeAll(async ({ browser }) => {
  desk = (await signIn(browser, 'maya@demo.test')).context()
})
test.afterAll(() => desk.close())

for (const state of [...STATES, ...DIALOGS])
  test(`${state.name} has no barrier`, async () => {
    const page = await desk.newPage()
    await page.goto('/')
    await expect(page.locator('[data-ticket]').first()).toBeVisible()
    await state.show(page)
    await expectCleanInAllModes(page)
    await page.close()
  })

test('log-in has no barrier, nor when it refuses', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage()
  await page.goto('/')
  await expect(page.getByRole('textbox', { name: 'E-mail' })).toBeVisible()
  await expectCleanInAllModes(page)
  // Nobody's address: failed log-ins are counted, and the others want to come in.
  await logIn(page, `nobody-${Date.now()}@demo.test`, 'wrong')
  await expect(page.getByRole('alert')).toContainText('wrong')
  await expectCleanInAllModes(page)
})
