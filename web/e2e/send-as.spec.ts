import { expect, type Page } from '@playwright/test'
import { colleague, editor, makeTicket, messagesOf, openTicket, signIn } from './support'
import { test } from './test'

const statusOf = async (page: Page, id: number) => (await (await page.request.get(`/api/tickets/${id}`)).json()).status

/** The ticket, with a reply begun. */
async function begin(page: Page, id: number, text: string) {
  await openTicket(page, id)
  await page.keyboard.press('r')
  await editor(page, 'Reply').fill(text)
}

test.describe('a message is sent with another status than the button says', () => {
  test('by keys: solved by one, each of the others by its letter', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    for (const [keys, status] of [
      ['Control+Shift+Enter', 'solved'],
      ['Control+Alt+h', 'on_hold'],
      ['Control+Alt+o', 'open'],
    ] as const) {
      const id = await makeTicket(page, `Sent by ${keys}`)
      await begin(page, id, `Goes out as ${status}`)
      await page.keyboard.press(keys)
      await expect(editor(page, 'Reply')).toHaveText('')
      await page.getByRole('button', { name: 'Send now' }).click()
      await expect.poll(() => statusOf(page, id)).toBe(status)
      expect((await messagesOf(page, id)).map(({ body_text }) => body_text)).toContain(`Goes out as ${status}`)
      // The next one is sent as replies are.
      await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()
    }
  })

  test('a note too: it is added, and the ticket is solved', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Solved by a note')
    await openTicket(page, id)
    await page.keyboard.press('n')
    await editor(page, 'Internal note').fill('Nothing left to do')
    await page.keyboard.press('Control+Shift+Enter')
    await expect(page.getByRole('article').filter({ hasText: 'Nothing left to do' })).toBeVisible()
    await expect.poll(() => statusOf(page, id)).toBe('solved')
  })

  test('the button’s menu sends at once, and says the keys', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Sent by the menu')
    await begin(page, id, 'Waiting for parts')
    await page.getByRole('button', { name: 'Choose the status to send with' }).click()
    await expect(page.getByRole('menuitem', { name: 'Send as Solved' })).toContainText('CtrlShift↵')
    await page.getByRole('menuitem', { name: 'Send as On hold' }).click()
    await page.getByRole('button', { name: 'Send now' }).click()
    await expect.poll(() => statusOf(page, id)).toBe('on_hold')
  })

  test('the palette offers each status of the desk, also those without keys', async ({ browser }) => {
    const admin = await colleague('admin@demo.test')
    const key = `parts_${Date.now()}`
    const made = await admin.request.post('/api/statuses', {
      data: { key, label: `Parts ${key}`, category: 'on_hold', position: 900 },
    })
    expect(made.status(), await made.text()).toBe(201)
    try {
      const page = await signIn(browser, 'maya@demo.test')
      const id = await makeTicket(page, 'Sent by the palette')
      await begin(page, id, 'The part is ordered')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Search tickets and commands' }).fill(`Send as Parts ${key}`)
      await expect(page.getByRole('option', { name: `Send as Parts ${key}`, exact: true })).toBeVisible()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Send now' }).click()
      await expect.poll(() => statusOf(page, id)).toBe(key)
    } finally {
      await admin.request.patch(`/api/statuses/${(await made.json()).id}`, { data: { active: false } })
    }
  })

  test('what stands against sending keeps the status that was asked for', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Not sent with a blank')
    await begin(page, id, 'Dear {{name}}, done')
    await page.keyboard.press('Control+Shift+Enter')
    await expect(page.getByText('1 blank to fill before sending')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Send as Solved' })).toBeVisible()
    expect(await statusOf(page, id)).toBe('new')
  })
})
