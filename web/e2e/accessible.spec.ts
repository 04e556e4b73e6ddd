import { type BrowserContext, expect, test } from '@playwright/test'
import { STATES } from './states'
import { expectClean, logIn, signIn } from './support'

const MODES = [
  { name: 'in the light theme', colorScheme: 'light', contrast: 'no-preference' },
  { name: 'in the dark theme', colorScheme: 'dark', contrast: 'no-preference' },
  { name: 'in the light theme with more contrast', colorScheme: 'light', contrast: 'more' },
  { name: 'in the dark theme with more contrast', colorScheme: 'dark', contrast: 'more' },
] as const

for (const { name, colorScheme, contrast } of MODES) {
  test.describe(name, () => {
    // One log-in for all: each test begins with a page of its own.
    let desk: BrowserContext

    test.beforeAll(async ({ browser }) => {
      desk = (await signIn(browser, 'maya@demo.test', { colorScheme, contrast })).context()
    })
    test.afterAll(() => desk.close())

    for (const state of STATES)
      test(`${state.name} has no barrier`, async () => {
        const page = await desk.newPage()
        await page.goto('/')
        await expect(page.locator('[data-ticket]').first()).toBeVisible()
        await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
        await state.show(page)
        await expectClean(page)
        await page.close()
      })

    test('log-in has no barrier, nor when it refuses', async ({ browser }) => {
      const page = await (await browser.newContext({ colorScheme, contrast })).newPage()
      await page.goto('/')
      await expect(page.getByLabel('E-mail')).toBeVisible()
      await expectClean(page)
      // Nobody's address: failed log-ins are counted, and the others want to come in.
      await logIn(page, `nobody-${Date.now()}@demo.test`, 'wrong')
      await expect(page.getByRole('alert')).toContainText('wrong')
      await expectClean(page)
    })
  })
}
