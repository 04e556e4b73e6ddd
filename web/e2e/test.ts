import { type BrowserContext, test as base } from '@playwright/test'

/** What the pages of a failed test showed: where the tests run elsewhere, nothing else is kept of them. */
async function tellPages(contexts: BrowserContext[]) {
  for (const page of contexts.flatMap((each) => each.pages())) {
    const shown = await page
      .locator('body')
      .ariaSnapshot({ timeout: 2000 })
      .catch((error: Error) => error.message)
    console.log(`── ${page.url()} showed:\n${shown}`)
  }
}

/** Closes what a test has opened: a page that stays open goes on reading, and slows down the tests after it. */
export const test = base.extend<{ closed: undefined }>({
  closed: [
    async ({ browser }, use, info) => {
      const before = new Set(browser.contexts())
      await use(undefined)
      const opened = browser.contexts().filter((each) => !before.has(each))
      if (info.status !== info.expectedStatus) await tellPages(opened)
      await Promise.all(opened.map((each) => each.close()))
    },
    { auto: true },
  ],
})
