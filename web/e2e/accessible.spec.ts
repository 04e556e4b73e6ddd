import { expect, test } from '@playwright/test'
import { expectClean, logIn, makeTicket, openTicket, signIn } from './support'

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test('log-in has no serious barrier, nor when it refuses', async ({ browser }) => {
      const page = await (await browser.newContext({ colorScheme })).newPage()
      await page.goto('/')
      await expect(page.getByLabel('E-mail')).toBeVisible()
      await expectClean(page)
      // Nobody's address: failed log-ins are counted, and the others want to come in.
      await logIn(page, `nobody-${Date.now()}@demo.test`, 'wrong')
      await expect(page.getByRole('alert')).toContainText('wrong')
      await expectClean(page)
    })

    test('the queue has no serious barrier, with a selection, a preview and the palette', async ({ browser }) => {
      const page = await signIn(browser, 'maya@demo.test', { colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      await expectClean(page)
      await page.keyboard.press('x')
      await expect(page.getByRole('toolbar', { name: 'Selected tickets' })).toBeVisible()
      await expectClean(page)
      await page.keyboard.press('Space')
      await expect(page.getByRole('complementary', { name: 'Preview' }).getByRole('article').first()).toBeVisible()
      await expectClean(page)
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox', { name: 'Search tickets and commands' })).toBeFocused()
      await expectClean(page)
    })

    test('a ticket has no serious barrier, with a reply, a note and a new ticket begun', async ({ browser }) => {
      const page = await signIn(browser, 'maya@demo.test', { colorScheme })
      await openTicket(page, await makeTicket(page, 'Can everybody read this?', { tags: ['reading'] }))
      await expect(page.getByRole('article').first()).toBeVisible()
      await page.keyboard.press('r')
      await expect(page.getByRole('textbox', { name: 'Reply' })).toBeFocused()
      await expectClean(page)
      await page.keyboard.press('Escape')
      await page.keyboard.press('n')
      await page.getByRole('textbox', { name: 'Internal note' }).fill('Only for us')
      await page.keyboard.press('Control+Enter')
      await expect(page.getByRole('article', { name: /^Internal note from/ })).toBeVisible()
      await page.getByLabel('Add a tag').click()
      await expect(page.getByRole('listbox', { name: 'Tags' })).toBeVisible()
      await expectClean(page)
      await page.getByLabel('Add a tag').press('Escape')
      await page.getByRole('button', { name: 'Create a ticket' }).click()
      await page.getByRole('button', { name: 'Create ticket' }).click()
      await expect(page.getByRole('alert').first()).toBeVisible()
      await expectClean(page)
    })
  })
}
