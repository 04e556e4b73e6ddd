import { type Browser, expect, type Page } from '@playwright/test'
import { editor, expectClean, makeTicket, openTicket, sendNow, sentTo, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

test.describe('a signature', () => {
  // Of a person of these tests alone: the replies of others stay as they are.
  const signed = async (browser: Browser) => {
    const page = await signIn(browser, 'samuel@demo.test')
    const reply = await page.request.patch('/api/me', {
      headers,
      data: { signature: 'Best wishes\n{{agent.first_name}} <{{agent.email}}>' },
    })
    expect(reply.status(), await reply.text()).toBe(200)
    await page.reload()
    return page
  }
  const shown = (page: Page) => page.getByRole('region', { name: 'Signature' })

  test('stands below a reply as it goes out, and reaches the customer once', async ({ browser }) => {
    const page = await signed(browser)
    const id = await makeTicket(page, 'Signed', { team_id: 1 })
    await openTicket(page, id)
    await page.keyboard.press('r')
    await page.keyboard.type('It is on its way')
    await expect(shown(page)).toContainText('Best wishes\nSamuel <samuel@demo.test>')
    await expectClean(page)
    // Taken back and sent again, and a draft that is read again: the text has none of it.
    await page.keyboard.press('Control+Enter')
    await page.getByRole('list', { name: 'Outgoing messages' }).getByRole('button', { name: 'Undo' }).click()
    await expect(editor(page, 'Reply')).toHaveText('It is on its way')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await expect(editor(page, 'Reply')).toHaveText('It is on its way')
    await expect(editor(page, 'Reply')).toBeFocused()
    await expect(shown(page)).toBeVisible()
    await page.keyboard.press('Control+Enter')
    await sendNow(page)
    await expect(page.getByRole('article', { name: /^Message from Samuel/ })).toContainText('Best wishes')
    const [sent] = await sentTo(page, id)
    expect(sent?.body_text).toBe('It is on its way\nBest wishes\nSamuel <samuel@demo.test>')
  })

  test('is left out of one reply by choice, and never stands below a note', async ({ browser }) => {
    const page = await signed(browser)
    const id = await makeTicket(page, 'Unsigned', { team_id: 1 })
    await openTicket(page, id)
    await page.keyboard.press('n')
    await page.keyboard.type('For us')
    await expect(page.getByRole('button', { name: 'Add note' })).toBeVisible()
    await expect(shown(page)).toHaveCount(0)
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('article', { name: /^Internal note from Samuel/ })).toContainText('For us')
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await page.getByRole('button', { name: 'Remove the signature' }).click()
    await expect(shown(page)).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Add the signature' })).toBeVisible()
    await page.keyboard.type('Without')
    await page.keyboard.press('Control+Enter')
    await sendNow(page)
    await expect(page.getByRole('article', { name: /^Message from Samuel/ })).toContainText('Without')
    await page.keyboard.press('r')
    await expect(shown(page), 'for that reply alone').toBeVisible()
    expect((await sentTo(page, id)).map(({ body_text }) => body_text)).toEqual(['For us', 'Without'])
  })
})

test.describe('people', () => {
  test('and teams are mentioned in notes, and a mention in a reply is warned of', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Who knows?', { team_id: 1 })
    await openTicket(page, id)
    await page.keyboard.press('r')
    await page.keyboard.type('Ask @priy')
    await expect(page.getByRole('option', { name: 'Priya Raman' })).toHaveAttribute('aria-selected', 'true')
    await expectClean(page)
    await page.keyboard.press('Enter')
    await page.keyboard.type('please')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('alert')).toContainText(
      '@Priya Raman would be mentioned in a reply that the customer can read',
    )
    await page.getByRole('button', { name: 'Make it a note' }).click()
    await expect(editor(page, 'Internal note')).toHaveText('Ask @Priya Raman please')
    await page.keyboard.type(' and @bill')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Enter')
    const note = page.getByRole('article', { name: /^Internal note from Maya/ })
    await expect(note).toContainText('Ask @Priya Raman please and @Billing')
    await expect(editor(page, 'Reply')).toHaveCount(0)
    const [sent] = (await (await page.request.get(`/api/tickets/${id}/messages`)).json()).items.slice(-1)
    expect(sent.kind).toBe('note')
    expect(sent.mentions).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'Priya Raman' })]))
  })

  test('in copy are seen and changed while one answers', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Who else?')
    await openTicket(page, id)
    await page.getByRole('button', { name: 'Add to Cc' }).click()
    const address = `cfo-${Date.now()}@halcyon.example`
    await page.getByRole('combobox', { name: 'Add to Cc' }).fill(address)
    await page.getByRole('option', { name: `Add ${address}` }).click()
    const copied = page.getByRole('list', { name: 'Cc' })
    await expect(copied).toContainText(address)
    const kept = async () =>
      (await (await page.request.get(`/api/tickets/${id}/followers`)).json()).items.map(
        ({ kind, email }: { kind: string; email: string }) => `${kind} ${email}`,
      )
    await expect.poll(kept).toEqual([`cc ${address}`])
    await expectClean(page)
    await copied.getByRole('button', { name: `Remove ${address} from Cc` }).click()
    await expect(copied).toHaveCount(0)
    await expect.poll(kept).toEqual([])
    await page.getByRole('tab', { name: 'Internal note' }).click()
    await page.getByRole('button', { name: 'Add a follower' }).first().click()
    await page.keyboard.type('jonas')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('list', { name: 'Followers' })).toContainText('Jonas Lindqvist')
  })
})

test.describe('a message that was sent', () => {
  test('folds what it quotes, and q unfolds it', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'A long thread')
    await page.request.post(`/api/tickets/${id}/messages`, {
      headers,
      data: {
        kind: 'reply',
        body_html:
          '<p>It is done.</p><div class="gmail_quote"><div>On 3 May Naomi wrote:</div><blockquote>Is it done?</blockquote></div>',
      },
    })
    await openTicket(page, id)
    const message = page.getByRole('article', { name: /^Message from Maya/ })
    await expect(message).toContainText('It is done.')
    await expect(message.getByText('Is it done?')).toBeHidden()
    await expect(message.getByRole('button', { name: 'Quoted text 2 lines' })).toHaveAttribute('aria-expanded', 'false')
    await page.keyboard.press('q')
    await expect(message.getByText('Is it done?')).toBeVisible()
    await page.keyboard.press('q')
    await expect(message.getByText('Is it done?')).toBeHidden()
  })

  test('is edited by its author, and redacted by who may', async ({ browser }) => {
    const page = await signIn(browser, 'admin@demo.test')
    const id = await makeTicket(page, 'Said too much', { team_id: 1 })
    await openTicket(page, id)
    await page.keyboard.press('n')
    await editor(page, 'Internal note').fill('The card is 4711 0815')
    await page.keyboard.press('Control+Enter')
    const note = page.getByRole('article', { name: /^Internal note from Robin/ })
    await note.hover()
    await note.getByRole('button', { name: /^More about the message/ }).click()
    await page.getByRole('menuitem', { name: 'Edit…' }).click()
    const edited = page.getByRole('textbox', { name: 'Edited message' })
    await expect(edited).toBeFocused()
    await page.keyboard.type(', or so. @priy')
    await expect(page.getByRole('option', { name: 'Priya Raman' })).toHaveAttribute('aria-selected', 'true')
    await expectClean(page)
    // For the list alone: the text stays open.
    await page.keyboard.press('Enter')
    await page.keyboard.type('knows')
    await page.keyboard.press('Control+Enter')
    await expect(note).toContainText('The card is 4711 0815, or so. @Priya Raman knows')
    await expect(note).toContainText('edited')
    const [sent] = (await (await page.request.get(`/api/tickets/${id}/messages`)).json()).items.slice(-1)
    expect(sent.mentions).toEqual([expect.objectContaining({ name: 'Priya Raman', notified: true })])
    // Later it says why it cannot be edited.
    await page.clock.setSystemTime(Date.now() + 20 * 60_000)
    await page.reload()
    await note.hover()
    await note.getByRole('button', { name: /^More about the message/ }).click()
    await expect(page.getByRole('menuitem', { name: 'Edit: possible for 15 minutes' })).toBeDisabled()
    await expectClean(page)
    await page.getByRole('menuitem', { name: 'Redact…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Redact a message' })
    await expectClean(page)
    await dialog.getByLabel('Words to remove').fill('4711 0815')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(note).not.toContainText('4711')
    await expect(note).toContainText('redacted')
  })
})
