import { type APIRequestContext, expect, type Locator } from '@playwright/test'
import { changeTicket, colleague, expectClean, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

test('a conversation that cannot be read says so, and comes after another try', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'A conversation out of reach')
  let broken = true
  await page.route(`**/api/tickets/${id}/timeline?*`, (route) =>
    broken ? route.fulfill({ status: 500, json: { status: 500, detail: 'Something broke' } }) : route.continue(),
  )
  await openTicket(page, id)
  const conversation = page.getByRole('region', { name: 'Conversation' })
  await expect(conversation.getByRole('alert')).toContainText('The conversation could not be loaded')
  await expectClean(page)
  broken = false
  await conversation.getByRole('button', { name: 'Try again' }).click()
  await expect(conversation.getByText('About: A conversation out of reach')).toBeVisible()
  await expect(conversation.getByRole('alert')).toHaveCount(0)
})

test('one word without end breaks no page', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const word = 'Donaudampfschiff'.repeat(31)
  const id = await makeTicket(page, word.slice(0, 490), { description: word, tags: [`t${word.slice(0, 60)}`] })
  await changeTicket(page, id, { subject: `${word.slice(0, 480)}!` })
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 844 })
    await openTicket(page, id)
    await expect(page.getByRole('article').first()).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    const conversation = page.getByRole('region', { name: 'Conversation' })
    expect(await conversation.evaluate((box) => box.scrollWidth - box.clientWidth), `at ${width}`).toBe(0)
  }
})

test('times stand in the zone of the one who reads', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { timezoneId: 'Pacific/Auckland' })
  const zone = (await (await page.request.get('/api/me')).json()).time_zone
  const id = await makeTicket(page, 'What time is it')
  await openTicket(page, id)
  const at = page.getByRole('article').locator('time')
  const expected = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(
    new Date(String(await at.getAttribute('datetime'))),
  )
  await expect(at).toHaveText(expected)
})

test('a long ticket opens at its end, loads what came earlier, and goes to a linked message', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'A very long story')
  let first = 0
  for (let n = 1; n <= 90; n++) {
    const reply = await page.request.post(`/api/tickets/${id}/messages`, {
      headers,
      data: { kind: 'note', body_text: `Chapter ${n}.` },
    })
    expect(reply.status(), await reply.text()).toBe(201)
    if (n === 3) first = (await reply.json()).id
  }
  await openTicket(page, id)
  const conversation = page.getByRole('region', { name: 'Conversation' })
  await expect(conversation.getByText('Chapter 90.')).toBeInViewport()
  await expect(conversation.getByText('Chapter 3.')).toHaveCount(0)
  await page.goto(`/tickets/${id}#message-${first}`)
  await expect(conversation.getByText('Chapter 3.')).toBeInViewport()
  await expect(page.getByRole('article').filter({ hasText: 'Chapter 3.' })).toBeFocused()
  await page.goto(`/tickets/${id}#message-999999999`)
  await expect(conversation.getByRole('alert')).toHaveText('The message of this link is not on this ticket.')
})

test('the conversation shows only what one asks for, by key and by menu', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'What happened here')
  await page.request.post(`/api/tickets/${id}/messages`, {
    headers,
    data: { kind: 'note', body_text: 'A note to keep' },
  })
  await changeTicket(page, id, { priority: 'high' })
  await openTicket(page, id)
  const conversation = page.getByRole('region', { name: 'Conversation' })
  await expect(conversation.getByText('changed priority from Normal to High')).toBeVisible()
  await page.keyboard.press('f')
  await page.getByRole('menuitem', { name: 'Notes only' }).click()
  await expect(conversation.getByText('changed priority')).toHaveCount(0)
  await expect(conversation.getByText('About: What happened here')).toHaveCount(0)
  await expect(conversation.getByText('A note to keep')).toBeVisible()
  await page.getByRole('button', { name: 'Show in the conversation: Notes only' }).click()
  await page.getByRole('menuitem', { name: 'Changes only' }).click()
  await expect(conversation.getByText('changed priority from Normal to High')).toBeVisible()
  await expect(conversation.getByText('A note to keep')).toHaveCount(0)
  await expectClean(page)
})

test('tables and headings of a message keep their form, and a link says when it leads elsewhere', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Rich text')
  const reply = await page.request.post(`/api/tickets/${id}/messages`, {
    headers,
    data: {
      kind: 'note',
      body_html:
        '<h1>Big</h1><h2>Less</h2><p>Text</p><table><tbody><tr><td>wide cell</td><td>b</td></tr></tbody></table>' +
        '<p><a href="https://evil.example/x">https://bank.example/login</a> <a href="https://www.bank.example/">bank.example</a> <a href="https://evil.example/">click here</a> <a href="javascript:alert(1)">stripped</a></p>',
    },
  })
  expect(reply.status(), await reply.text()).toBe(201)
  await openTicket(page, id)
  const message = page.getByRole('article').last()
  const sizes = await Promise.all(
    ['Big', 'Less', 'Text'].map((text) =>
      message.getByText(text, { exact: true }).evaluate((each) => Number.parseFloat(getComputedStyle(each).fontSize)),
    ),
  )
  expect(sizes[0]).toBeGreaterThan(sizes[1] ?? 0)
  expect(sizes[1]).toBeGreaterThan(sizes[2] ?? 0)
  const cell = message.getByText('wide cell')
  expect(await cell.evaluate((each) => getComputedStyle(each).borderStyle)).toBe('solid')
  expect(await cell.evaluate((each) => Number.parseFloat(getComputedStyle(each).paddingInlineEnd))).toBeGreaterThan(4)
  await expect(message.getByText('(leads to', { exact: false })).toHaveText(['(leads to evil.example)'])
  await expect(message.getByRole('link', { name: 'click here' })).toHaveAttribute('title', 'https://evil.example/')
  expect(await message.getByText('stripped').evaluate((each) => getComputedStyle(each).textDecorationLine)).toBe('none')
})

test('addresses in a text can be followed, and lead out of the desk', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'With addresses', {
    description: 'See (https://shop.example/order?id=5), or write to jörg@bücher.example. Not javascript:alert(1)',
  })
  const reply = await page.request.post(`/api/tickets/${id}/messages`, {
    headers,
    data: {
      kind: 'note',
      body_html: '<p>At https://a.example/<b>x</b>, jörg@bücher.example and <code>www.b.example</code></p>',
    },
  })
  expect(reply.status(), await reply.text()).toBe(201)
  await openTicket(page, id)
  const [plain, rich] = [page.getByRole('article').first(), page.getByRole('article').last()]
  const hrefs = (message: Locator) =>
    message.locator('.message a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  await expect
    .poll(() => hrefs(plain))
    .toEqual(['https://shop.example/order?id=5', 'mailto:j%C3%B6rg@b%C3%BCcher.example'])
  await expect
    .poll(() => hrefs(rich))
    .toEqual(['https://a.example/', 'mailto:j%C3%B6rg@b%C3%BCcher.example', 'https://www.b.example'])
  for (const link of await page.locator('.message a').all()) {
    await expect(link).toHaveAttribute('target', '_blank')
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  }
  await expect(page.getByText('(leads to', { exact: false })).toHaveCount(0)
  await expectClean(page)
})

test('that a message was edited or redacted stands on the page of everybody at once', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Said otherwise, seen by all')
  const notes = `/api/tickets/${id}/messages`
  const note = await page.request.post(notes, { headers, data: { kind: 'note', body_text: 'As it was, secretly' } })
  const path = `${notes}/${(await note.json()).id}`
  const priya = await signIn(browser, 'priya@demo.test')
  await openTicket(page, id)
  await openTicket(priya, id)
  const conversations = [page, priya].map((each) => each.getByRole('region', { name: 'Conversation' }))
  for (const each of conversations) await expect(each.getByText('As it was, secretly')).toBeVisible()
  const edited = await page.request.patch(path, { headers, data: { body_text: 'As it is, secretly' } })
  expect(edited.status(), await edited.text()).toBe(200)
  for (const each of conversations) {
    await expect(each.getByText('Maya Okafor edited a note')).toBeVisible()
    await expect(each.getByText('As it is, secretly')).toBeVisible()
  }
  const admin = await colleague('admin@demo.test')
  const redacted = await admin.request.post(`${path}/redact`, { headers, data: { text: 'secretly' } })
  expect(redacted.status(), await redacted.text()).toBe(200)
  for (const each of conversations) await expect(each.getByText(/permanently removed text from a note/)).toBeVisible()
})

test('who was added and removed as a CC, and by whom, stands in the conversation at once', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const priya = await colleague()
  const id = await makeTicket(page, 'Copied and not copied')
  await openTicket(page, id)
  const added = await priya.request.post(`/api/tickets/${id}/followers`, {
    data: { kind: 'cc', email: `boss.${Date.now()}@people.example`, name: 'Betty Boss' },
  })
  expect(added.status(), await added.text()).toBe(201)
  const line = (text: string) =>
    page.getByRole('region', { name: 'Conversation' }).getByRole('listitem').filter({ hasText: text })
  await expect(line('Priya Raman added Betty Boss as CC')).toBeVisible()
  const { user_id } = await added.json()
  const headers = { 'x-requested-with': 'autocrm' }
  expect((await page.request.delete(`/api/tickets/${id}/followers/${user_id}`, { headers })).status()).toBe(200)
  await expect(line('Maya Okafor removed Betty Boss as CC')).toBeVisible()
})

test('what somebody else writes into the open conversation is said, and not what one writes oneself', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Said aloud')
  const priya = await colleague()
  await openTicket(page, id)
  await expect(page.getByRole('article')).toBeVisible()
  const said = page.locator('[role=status].sr-only', { hasText: /answered|note/ })
  const write = async (who: { request: APIRequestContext }, data: object) => {
    const reply = await who.request.post(`/api/tickets/${id}/messages`, { headers, data })
    expect(reply.status(), await reply.text()).toBe(201)
  }
  await write(page, { kind: 'note', body_text: 'Mine' })
  await expect(page.getByRole('article')).toHaveCount(2)
  await expect(said).toHaveCount(0)
  await write(priya, { kind: 'note', body_text: 'Hers' })
  await expect(said).toHaveText('Priya Raman wrote a note')
  await write(priya, { kind: 'reply', body_text: 'To the customer' })
  await expect(said).toHaveText('Priya Raman answered')
})
