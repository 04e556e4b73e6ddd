import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from '@playwright/test'
import { editor, makeTicket, messagesOf, openTicket, signIn } from './support'
import { test } from './test'

test('a note stays a note: changing to a reply halfway sends nothing of it to the customer', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'What customers must not read')
  await openTicket(page, id)
  await page.keyboard.press('n')
  await editor(page, 'Internal note').fill('They are in arrears, be careful')
  await page.getByRole('tab', { name: 'Reply' }).click()
  await expect(editor(page, 'Reply')).toBeFocused()
  await expect(editor(page, 'Reply')).toHaveText('')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Send as Pending' }).click()
  await expect(page.getByRole('article')).toHaveCount(1)

  await editor(page, 'Reply').fill('We look into it')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('article', { name: /^Message from Maya/ })).toHaveText(/We look into it/)
  await page.getByRole('tab', { name: 'Internal note' }).click()
  await expect(editor(page, 'Internal note')).toBeFocused()
  await expect(editor(page, 'Internal note')).toHaveText('They are in arrears, be careful')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('article', { name: /^Internal note from Maya/ })).toHaveText(/They are in arrears/)
  await expect(editor(page, 'Internal note')).toHaveText('')

  const sent = (await messagesOf(page, id)).filter((message) => !message.body_text.startsWith('About:'))
  expect(sent.map(({ kind, body_text }) => [kind, body_text])).toEqual([
    ['reply', 'We look into it'],
    ['note', 'They are in arrears, be careful'],
  ])
})

test('a note is sent although the reply before it has no answer yet, and comes after it', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'One after the other')
  await openTicket(page, id)
  // The reply is in the conversation, by the live connection, long before its sender is answered.
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route('**/api/tickets/*/messages', async (route) => {
    if (route.request().postData()?.includes('"reply"')) {
      const response = await route.fetch()
      await held
      return route.fulfill({ response })
    }
    return route.continue()
  })
  await page.keyboard.press('r')
  await editor(page, 'Reply').fill('We look into it')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Send now' }).click()
  await expect(page.getByText('Sending…')).toBeVisible()
  await page.getByRole('tab', { name: 'Internal note' }).click()
  await editor(page, 'Internal note').fill('Ask accounting')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('list', { name: 'Outgoing messages' }).getByRole('listitem')).toHaveCount(2)
  answer()
  await expect(page.getByRole('article', { name: /^Internal note from Maya/ })).toHaveText(/Ask accounting/)
  await expect(editor(page, 'Internal note')).toHaveText('')
  const sent = (await messagesOf(page, id)).filter((message) => !message.body_text.startsWith('About:'))
  expect(sent.map(({ body_text }) => body_text)).toEqual(['We look into it', 'Ask accounting'])
})

test('a subject changes where it stands, and what is wrong with it is told there', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  let changes = 0
  page.on('request', (request) => {
    if (request.method() === 'PATCH') changes++
  })
  await openTicket(page, await makeTicket(page, 'Subjekt with a mistake'))
  await page.getByRole('button', { name: 'Subjekt with a mistake' }).click()
  await page.getByLabel('Subject').fill('  ')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('The subject must have 1 to 500 characters')
  await page.getByLabel('Subject').fill('Subject without one')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Subject without one')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.getByRole('button', { name: 'Subject without one' }).click()
  await page.getByLabel('Subject').fill('Never mind')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Subject without one' })).toBeVisible()
  // The refused one and the one that was kept.
  expect(changes).toBe(2)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Subject without one')
})

test('tags are suggested from those the desk has, and new ones are made', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await openTicket(page, await makeTicket(page, 'Tag me'))
  const field = page.getByRole('combobox', { name: 'Add a tag' })
  await field.click()
  await field.pressSequentially('shipp')
  await expect(page.getByRole('option', { name: 'shipping', exact: true })).toHaveAttribute('aria-selected', 'true')
  await field.press('Enter')
  await expect(page.getByRole('button', { name: 'Remove the tag shipping' })).toBeVisible()
  const made = `made-${Date.now()}`
  await field.pressSequentially(made)
  await page.getByRole('option', { name: `Create “${made}”` }).click()
  await expect(page.getByRole('button', { name: `Remove the tag ${made}` })).toBeVisible()
  await page.getByRole('button', { name: 'Remove the tag shipping' }).click()
  await expect(page.getByText(`added the tag ${made}`)).toBeVisible()
  await expect(page.getByText('removed the tag shipping')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: `Remove the tag ${made}` })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Remove the tag shipping' })).toHaveCount(0)
})

test('a link is made by keyboard, and the palette stays away while somebody writes', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await openTicket(page, await makeTicket(page, 'Where is it written?'))
  await page.keyboard.press('n')
  await expect(editor(page, 'Internal note')).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.type('manual')
  // A link needs the editor; until it is loaded there is plain text.
  await expect(page.getByRole('toolbar', { name: 'Format' })).toBeVisible()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+Shift+K')
  await page.getByLabel('Address of the link').fill('javascript:alert(1)')
  await expect(page.getByRole('button', { name: 'Set link' })).toBeDisabled()
  await page.getByLabel('Address of the link').fill('example.com/manual')
  await page.keyboard.press('Enter')
  await expect(editor(page, 'Internal note')).toBeFocused()
  await page.keyboard.press('Control+Enter')
  const link = page.getByRole('article').getByRole('link', { name: 'manual' })
  await expect(link).toHaveAttribute('href', 'https://example.com/manual')
})

test('a new ticket is refused with each problem beside its field, then opened', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: 'New ticket' })
  await dialog.getByLabel("Requester's e-mail").fill('new.customer@example.com')
  await dialog.getByLabel('Order number').fill('12')
  await dialog.getByLabel('Seats').fill('-3')
  await dialog.getByRole('button', { name: 'Create ticket' }).click()
  await expect(dialog.getByLabel('Subject')).toBeFocused()
  await expect(dialog.getByLabel('Subject')).toHaveAccessibleDescription('Subject must have 1 to 500 characters')
  await expect(dialog.getByLabel('Seats')).toHaveAccessibleDescription('Seats -3 is below the minimum of 1')
  await expect(dialog.getByLabel('Order number')).toHaveAccessibleDescription(/five digits/)
  await dialog.getByLabel('Subject').fill('Opened at the desk')
  await dialog.getByLabel('Seats').fill('3')
  await dialog.getByLabel('Order number').fill('12345')
  await dialog.getByLabel('iOS').check()
  await dialog.getByRole('button', { name: 'Create ticket' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Opened at the desk')
  await expect(page.getByLabel('Seats')).toHaveValue('3')
  await expect(page.getByLabel('Order number')).toHaveValue('12345')
  await expect(page.getByLabel('iOS')).toBeChecked()
})

test('pictures of other servers are loaded when somebody asks for them, and not before', async ({ browser }) => {
  const asked: string[] = []
  const elsewhere = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'content-type': 'image/gif' })
    response.end(Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'))
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const host = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
  try {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Look at this')
    const body_html = `<p>See <img src="${host}/pixel.gif" alt="our logo"> and <img src="${host}/second.gif"></p>`
    const sent = await page.request.post(`/api/tickets/${id}/messages`, {
      headers: { 'x-requested-with': 'autocrm' },
      data: { kind: 'reply', body_html },
    })
    expect(sent.status(), await sent.text()).toBe(201)
    await openTicket(page, id)
    const message = page.getByRole('article', { name: /^Message from Maya/ })
    await expect(message).toContainText('2 remote images are not loaded')
    await expect(message).toContainText('our logo')
    // A picture that is asked for comes, so those of the message would have come before it.
    await page.evaluate(async (src) => {
      const image = new Image()
      image.src = src
      await image.decode()
    }, `${host}/asked-for.gif`)
    expect(asked).toEqual(['/asked-for.gif'])
    await message.getByRole('button', { name: 'Load remote images' }).click()
    await expect(message.getByRole('img', { name: 'our logo' })).toBeVisible()
    await expect.poll(() => asked.slice(1).toSorted()).toEqual(['/pixel.gif', '/second.gif'])
    await expect(message.getByRole('button', { name: 'Load remote images' })).toHaveCount(0)
  } finally {
    elsewhere.close()
  }
})
