import { expect } from '@playwright/test'
import {
  changeTicket,
  editor,
  expectClean,
  makeTicket,
  openTicket,
  sendNow,
  sentTo,
  signIn,
  takeBackFor,
} from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

test.describe('a reply', () => {
  test('is held for some seconds: it can be taken back, and sent at once', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Too fast')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('Sorry, no refund')
    await page.keyboard.press('Control+Enter')
    const outbox = page.getByRole('list', { name: 'Outgoing messages' })
    await expect(outbox).toContainText(/Sends in \d s/)
    await expect(editor(page, 'Reply')).toHaveText('')
    await outbox.getByRole('button', { name: 'Undo' }).click()
    await expect(editor(page, 'Reply')).toHaveText('Sorry, no refund')
    await expect(outbox).toHaveCount(0)
    expect(await sentTo(page, id)).toEqual([])

    await editor(page, 'Reply').fill('Your refund is on its way')
    await page.keyboard.press('Control+Enter')
    await sendNow(page)
    await expect(page.getByRole('article', { name: /^Message from Maya/ })).toContainText('on its way')
    expect((await sentTo(page, id)).map(({ body_text }) => body_text)).toEqual(['Your refund is on its way'])
  })

  test('goes out at once when its tab is closed, and the next page knows it', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Closed in between')
    await takeBackFor(page, 20)
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('On its way')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toContainText(/Sends in/)
    const again = await page.context().newPage()
    await page.close()
    await expect.poll(async () => (await sentTo(again, id)).map(({ body_text }) => body_text)).toEqual(['On its way'])
    await again.goto(`/tickets/${id}`)
    await expect(again.getByRole('article', { name: /^Message from Maya/ })).toContainText('On its way')
    await expect(again.getByRole('list', { name: 'Outgoing messages' })).toHaveCount(0)
    await expect(editor(again, 'Reply')).toHaveText('')
    await expect(again.getByText('was not sent')).toHaveCount(0)
    expect(await sentTo(again, id)).toHaveLength(1)
  })

  test('that was held without a line when the tab closed is a draft again, and not lost', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Closed in between')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('Nearly gone')
    await page.context().setOffline(true)
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toBeVisible()
    await page.close({ runBeforeUnload: false })
    await page.context().setOffline(false)
    const again = await page.context().newPage()
    await again.goto(`/tickets/${id}`)
    await expect(editor(again, 'Reply')).toHaveText('Nearly gone')
    await expect(again.getByText(`The reply on #${id} was not sent`)).toBeVisible()
    expect(await sentTo(again, id)).toEqual([])
  })

  test('goes out when its writer goes on to another ticket, with the status chosen', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'And on to the next')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('Done')
    await page.getByRole('button', { name: 'Choose the status to send with' }).click()
    await page.getByRole('menuitem', { name: 'Send as Solved' }).click()
    await page.getByRole('button', { name: 'Back to the queue' }).click()
    await expect
      .poll(async () => (await (await page.request.get(`/api/tickets/${id}`)).json()).status, { timeout: 15_000 })
      .toBe('solved')
    expect((await sentTo(page, id)).map(({ body_text }) => body_text)).toEqual(['Done'])
  })

  test('sent while the session is renewed, or after another, is not swallowed', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Two in a row')
    await openTicket(page, id)
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    let refused = false
    await page.route('**/api/tickets/*/messages', async (route) => {
      if (refused) return route.continue()
      refused = true
      return route.fulfill({
        status: 401,
        contentType: 'application/problem+json',
        body: '{"status":401,"detail":"expired"}',
      })
    })
    await page.route('**/api/session/refresh', async (route) => {
      await held
      await route.continue()
    })
    await page.keyboard.press('n')
    await editor(page, 'Internal note').fill('The first')
    await page.keyboard.press('Control+Enter')
    await expect(editor(page, 'Internal note')).toHaveText('')
    await page.keyboard.type('The second')
    await page.keyboard.press('Control+Enter')
    await expect(editor(page, 'Internal note')).toHaveText('')
    answer()
    await expect(page.getByRole('article', { name: /^Internal note from Maya/ })).toHaveCount(2)
    expect((await sentTo(page, id)).map(({ body_text }) => body_text)).toEqual(['The first', 'The second'])
  })

  test('is taken back by Ctrl+Z in the empty editor', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Taken back at once')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('Sorry, no refund')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toContainText(/Sends in/)
    await expect(editor(page, 'Reply')).toHaveText('')
    await page.keyboard.press('Control+z')
    await expect(editor(page, 'Reply')).toHaveText('Sorry, no refund')
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toHaveCount(0)
    expect(await sentTo(page, id)).toEqual([])
  })

  test('that the desk refuses says why, and goes back into the editor', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Refused')
    await openTicket(page, id)
    await page.route('**/api/tickets/*/messages', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: '{"status":422,"detail":"No","problems":[{"path":"body_text","message":"is too long"}]}',
      }),
    )
    await page.keyboard.press('n')
    await editor(page, 'Internal note').fill('A long story')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('alert').filter({ hasText: 'Not sent: is too long' })).toBeVisible()
    await expectClean(page)
    await page.unroute('**/api/tickets/*/messages')
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await expect(editor(page, 'Internal note')).toHaveText('A long story')
    await editor(page, 'Internal note').press('Control+Enter')
    await expect(page.getByRole('article', { name: /^Internal note from Maya/ })).toContainText('A long story')
  })

  test('into which somebody else has replied in the meantime waits until its writer has seen that', async ({
    browser,
  }) => {
    const maya = await signIn(browser, 'maya@demo.test')
    const priya = await signIn(browser, 'priya@demo.test')
    const id = await makeTicket(maya, 'Two answers', { team_id: 1 })
    await openTicket(maya, id)
    await maya.keyboard.press('r')
    await editor(maya, 'Reply').fill('No, sorry')
    const answered = await priya.request.post(`/api/tickets/${id}/messages`, {
      headers,
      data: { kind: 'reply', body_text: 'Yes, of course' },
    })
    expect(answered.status(), await answered.text()).toBe(201)
    await expect(maya.getByRole('alert')).toContainText('Priya Raman has replied in the meantime')
    await editor(maya, 'Reply').press('Control+Enter')
    await expect(editor(maya, 'Reply')).toHaveText('No, sorry')
    await maya.getByRole('button', { name: 'Show it' }).click()
    await expect(maya.getByRole('article', { name: /^Message from Priya/ })).toBeFocused()
    await maya.getByRole('button', { name: 'Send anyway' }).click()
    await sendNow(maya)
    await expect(maya.getByRole('article', { name: /^Message from Maya/ })).toContainText('No, sorry')
  })

  test('is held back on the server too, when the news of the other answer has not come', async ({ browser }) => {
    const maya = await signIn(browser, 'maya@demo.test')
    const priya = await signIn(browser, 'priya@demo.test')
    const id = await makeTicket(maya, 'Two answers at once', { team_id: 1 })
    await openTicket(maya, id)
    await maya.keyboard.press('r')
    await editor(maya, 'Reply').fill('No, sorry')
    await maya.keyboard.press('Control+Enter')
    await changeTicket(priya, id, { priority: 'high' })
    await priya.request.post(`/api/tickets/${id}/messages`, { headers, data: { kind: 'reply', body_text: 'Yes' } })
    await sendNow(maya)
    await expect(maya.getByRole('alert').filter({ hasText: 'Priya Raman has replied in the meantime' })).toBeVisible()
    expect((await sentTo(maya, id)).map(({ body_text }) => body_text)).toEqual(['Yes'])
    await maya.getByRole('button', { name: 'Send anyway' }).click()
    await expect(maya.getByRole('article', { name: /^Message from Maya/ })).toContainText('No, sorry')
  })

  test('with a blank is not sent: the cursor goes there', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Fill me in')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await page.keyboard.type('Your case is {{case number}}, thanks')
    await expect(page.getByRole('alert')).toContainText('1 blank to fill before sending')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toHaveCount(0)
    await expectClean(page)
    await page.keyboard.type('4711')
    await expect(editor(page, 'Reply')).toHaveText('Your case is 4711, thanks')
    await expect(page.getByRole('alert')).toHaveCount(0)
    await page.keyboard.press('Control+Enter')
    await sendNow(page)
    await expect(page.getByRole('article', { name: /^Message from Maya/ })).toContainText('4711')
  })
})
