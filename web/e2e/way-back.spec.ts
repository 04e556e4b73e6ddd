import { expect } from '@playwright/test'
import { editor, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

test('how long a reply can be taken back is chosen in the settings, down to not at all', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/settings/work')
  const times = page.getByRole('radiogroup', { name: 'Undo send' })
  await expect(times.getByRole('radio', { name: '5 s' })).toBeChecked()
  await times.getByRole('radio', { name: '20 s' }).check()
  const id = await makeTicket(page, 'Taken back late')
  await openTicket(page, id)
  await page.keyboard.press('r')
  await editor(page, 'Reply').fill('Held for long')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('list', { name: 'Outgoing messages' })).toContainText(/Sends in (20|19|18) s/)
  await page.getByRole('list', { name: 'Outgoing messages' }).getByRole('button', { name: 'Undo' }).click()
  await expect(editor(page, 'Reply')).toHaveText('Held for long')

  await page.goto('/settings/work')
  await times.getByRole('radio', { name: 'Send at once' }).check()
  await page.reload()
  await expect(times.getByRole('radio', { name: 'Send at once' })).toBeChecked()
  await openTicket(page, id)
  await page.keyboard.press('r')
  await expect(editor(page, 'Reply')).toHaveText('Held for long')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('article').filter({ hasText: 'Held for long' })).toBeVisible({ timeout: 3_000 })
})

test('Escape leads back from the trash and from addresses that name nothing', async ({ browser }) => {
  const page = await signIn(browser, 'admin@demo.test')
  for (const address of ['/trash', '/no/such/page']) {
    await page.goto(address)
    await expect(page.getByRole('main').getByText('Esc', { exact: true })).toBeVisible()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('grid', { name: 'Tickets' })).toBeVisible()
  }
})
