import { test as base } from '@playwright/test'

/** Closes what a test has opened: a page that stays open goes on reading, and slows down the tests after it. */
export const test = base.extend<{ closed: undefined }>({
  closed: [
    async ({ browser }, use) => {
      const before = new Set(browser.contexts())
      await use(undefined)
      await Promise.all(
        browser
          .contexts()
          .filter((each) => !before.has(each))
          .map((each) => each.close()),
      )
    },
    { auto: true },
  ],
})
