import { type Browser, expect, type Page } from '@playwright/test'
import { changeTicket, editor, expectClean, makeTicket, messagesOf, openTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }
// A picture of one pixel.
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const sendNow = (page: Page) => page.getByRole('button', { name: 'Send now' }).click()
const sentTo = async (page: Page, id: number) =>
  (await messagesOf(page, id)).filter(({ body_text }) => !body_text.startsWith('About:'))

/** Drops files somewhere on the page, as a hand would. */
async function drop(page: Page, selector: string, names: string[]) {
  const transfer = await page.evaluateHandle((files) => {
    const data = new DataTransfer()
    for (const name of files) data.items.add(new File([`content of ${name}`], name, { type: 'text/plain' }))
    return data
  }, names)
  for (const type of ['dragenter', 'dragover']) await page.dispatchEvent(selector, type, { dataTransfer: transfer })
  await expect(page.getByText('Drop to attach to your reply')).toBeVisible()
  const prevented = await page.evaluate(
    ([where, dataTransfer]) => {
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
      document.querySelector(where)?.dispatchEvent(event)
      return event.defaultPrevented
    },
    [selector, transfer] as const,
  )
  expect(prevented).toBe(true)
}

test.describe('what is typed', () => {
  test('before the editor has been loaded is text and no shortcut', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Typed too early')
    let load = () => {}
    const loaded = new Promise<void>((resolve) => {
      load = resolve
    })
    await page.route(/assets\/editor-.*\.js/, async (route) => {
      await loaded
      await route.continue()
    })
    await openTicket(page, id)
    await expect(page.getByRole('article').first()).toBeVisible()
    await page.keyboard.press('r')
    await page.keyboard.type('see you ', { delay: 5 })
    load()
    await page.keyboard.type('next week, i hope', { delay: 5 })
    await expect(editor(page, 'Reply')).toHaveText('see you next week, i hope')
    await page.keyboard.press('Control+Enter')
    await sendNow(page)
    await expect(page.getByRole('article', { name: /^Message from Maya/ })).toContainText('see you next week, i hope')
    const ticket = await (await page.request.get(`/api/tickets/${id}`)).json()
    expect(ticket).toMatchObject({ status: 'pending', assignee: null })
  })

  test('before the ticket has come is text and no shortcut', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Slow to come')
    let come = () => {}
    const here = new Promise<void>((resolve) => {
      come = resolve
    })
    await page.route(`**/api/tickets/${id}`, async (route) => {
      await here
      await route.continue()
    })
    const asked = page.waitForRequest(`**/api/tickets/${id}`)
    await page.goto(`/tickets/${id}`)
    await asked
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
    await page.keyboard.press('n')
    await page.keyboard.type('ie? c', { delay: 20 })
    come()
    await expect(page.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
    await page.keyboard.type('ee', { delay: 20 })
    await expect(editor(page, 'Internal note')).toHaveText('ie? cee')
    await expect(page.getByRole('button', { name: 'Status: New' })).toBeVisible()
  })
})

test.describe('keys that come before the page', () => {
  const untouched = { status: 'new', assignee: null }

  test('wait for its script: a lost r would make acts of the letters after it', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Typed into nothing')
    let load = () => {}
    const loaded = new Promise<void>((resolve) => {
      load = resolve
    })
    await page.route(/assets\/desk-.*\.js/, async (route) => {
      await loaded
      await route.continue()
    })
    const asked = page.waitForRequest(/assets\/desk-.*\.js/)
    await page.goto(`/tickets/${id}`, { waitUntil: 'commit' })
    await asked
    await page.keyboard.type('reels', { delay: 30 })
    load()
    await page.keyboard.type(' in, cheap', { delay: 30 })
    await expect(editor(page, 'Reply')).toHaveText('eels in, cheap')
    expect(await (await page.request.get(`/api/tickets/${id}`)).json()).toMatchObject(untouched)
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  test('wait for the ticket that Enter opens, and act on it, not on the list', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const mark = `Fast${Date.now()}`
    const ids = [await makeTicket(page, `${mark} one`), await makeTicket(page, `${mark} two`)]
    for (const delay of [0, 60]) {
      await page.goto(`/?q=${mark}&sort=id`)
      await expect(page.locator('[data-ticket]')).toHaveCount(2)
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await page.keyboard.type('rquick essence', { delay })
      await expect(editor(page, 'Reply')).toHaveText('quick essence')
      await expect(page).toHaveURL(new RegExp(`/tickets/${ids[1]}$`))
      await page.keyboard.press('Control+a')
      await page.keyboard.press('Backspace')
      await expect(page.getByRole('dialog')).toHaveCount(0)
    }
    for (const id of ids) expect(await (await page.request.get(`/api/tickets/${id}`)).json()).toMatchObject(untouched)
  })

  test('do what they say on the ticket, in their order', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const mark = `Order${Date.now()}`
    const id = await makeTicket(page, `${mark} one`)
    await page.goto(`/?q=${mark}`)
    await expect(page.locator('[data-ticket]')).toHaveCount(1)
    await page.keyboard.press('Enter')
    for (const key of ['s', 'h', 'n']) await page.keyboard.press(key)
    await page.keyboard.type('on hold, see above')
    await expect(editor(page, 'Internal note')).toHaveText('on hold, see above')
    await expect(page.getByRole('button', { name: 'Status: On hold' })).toBeVisible()
    await expect.poll(async () => (await (await page.request.get(`/api/tickets/${id}`)).json()).status).toBe('on_hold')
  })
})

test.describe('a reply', () => {
  test('is held for some seconds: it can be taken back, and sent at once', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Too fast')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('Sorry, no refund')
    await page.keyboard.press('Control+Enter')
    const outbox = page.getByRole('list', { name: 'Outgoing messages' })
    await expect(outbox).toContainText(/Sent in \d s/)
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

  test('that was held when the tab closed is a draft again, and not lost', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Closed in between')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('Nearly gone')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toBeVisible()
    const again = await page.context().newPage()
    await page.close({ runBeforeUnload: false })
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
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toContainText(/Sent in/)
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

test.describe('files', () => {
  test('are picked, shown with their progress, cancelled and tried again, and Send waits for them', async ({
    browser,
  }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'With files')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('See the files')
    let fails = true
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    await page.route('**/api/attachments?name=*', async (route) => {
      const name = new URL(route.request().url()).searchParams.get('name')
      if (name === 'fails.txt' && fails)
        return route.fulfill({
          status: 413,
          contentType: 'application/problem+json',
          body: '{"status":413,"detail":"too large"}',
        })
      if (name !== 'fails.txt') await gate
      return route.continue()
    })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach files' }).click()
    await (await chooser).setFiles([
      { name: 'slow.txt', mimeType: 'text/plain', buffer: Buffer.from('slow') },
      { name: 'unwanted.txt', mimeType: 'text/plain', buffer: Buffer.from('unwanted') },
      { name: 'fails.txt', mimeType: 'text/plain', buffer: Buffer.from('fails') },
    ])
    const files = page.getByRole('list', { name: 'Attached files' })
    await expect(files.getByRole('progressbar', { name: /slow\.txt/ })).toBeVisible()
    await expect(files.getByRole('alert')).toHaveText('too large')
    await expectClean(page)
    await page.keyboard.press('Control+Enter')
    await expect(page.getByText('1 file was not uploaded')).toBeVisible()
    fails = false
    await files.getByRole('button', { name: 'Upload fails.txt again' }).click()
    await expect(files.getByRole('alert')).toHaveCount(0)
    await files.getByRole('button', { name: 'Cancel the upload of unwanted.txt' }).click()
    await expect(files).not.toContainText('unwanted.txt')
    await page.getByRole('button', { name: 'Send as Pending' }).click()
    await expect(page.getByRole('button', { name: 'Sent after the upload' })).toBeVisible()
    go()
    await sendNow(page)
    const message = page.getByRole('article', { name: /^Message from Maya/ })
    await expect(message.getByRole('link', { name: 'Download slow.txt' })).toBeVisible()
    await expect(message.getByRole('link', { name: 'Download fails.txt' })).toBeVisible()
    await expect(message).not.toContainText('unwanted.txt')
    await expect(files).toHaveCount(0)
  })

  test('are dropped anywhere on the ticket, and never open in its place', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Dropped')
    await openTicket(page, id)
    await expect(page.getByRole('article').first()).toBeVisible()
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('Dropped it')
    await drop(page, 'h1', ['on-the-title.txt'])
    await drop(page, '.tiptap', ['on-the-editor.txt'])
    const files = page.getByRole('list', { name: 'Attached files' })
    await expect(files).toContainText('on-the-title.txt')
    await expect(files).toContainText('on-the-editor.txt')
    // They wait with the draft.
    await expect(files.getByRole('progressbar')).toHaveCount(0)
    await expect(page.getByText('Draft saved')).toBeVisible()
    await page.reload()
    await expect(files).toContainText('on-the-title.txt')
    await files.getByRole('button', { name: 'Remove on-the-title.txt' }).click()
    await expect(files).not.toContainText('on-the-title.txt')
  })

  test('dropped where there is no message to write do not open either', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const prevented = await page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'x.txt'))
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
      document.body.dispatchEvent(event)
      return event.defaultPrevented
    })
    expect(prevented).toBe(true)
  })

  test('that are pictures are pasted into the text, and opened in a viewer', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Pictures')
    await openTicket(page, id)
    await page.keyboard.press('n')
    // A picture that comes before the editor is attached beside the text.
    await expect(page.getByRole('toolbar', { name: 'Format' })).toBeVisible()
    await page.keyboard.type('Look: ')
    await page.evaluate(
      (bytes) => {
        const clipboardData = new DataTransfer()
        clipboardData.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }))
        document.activeElement?.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
        )
      },
      [...PNG],
    )
    await expect(editor(page, 'Internal note').getByRole('img', { name: 'pasted.png' })).toBeVisible()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach files' }).click()
    await (await chooser).setFiles([{ name: 'second.png', mimeType: 'image/png', buffer: PNG }])
    await expect(page.getByRole('list', { name: 'Attached files' })).toContainText('second.png')
    await editor(page, 'Internal note').press('Control+Enter')
    const message = page.getByRole('article', { name: /^Internal note from Maya/ })
    await expect(message.getByRole('group', { name: 'Files of this message' }).getByRole('button')).toHaveCount(1)
    await message.getByRole('button', { name: 'Open pasted.png' }).focus()
    await page.keyboard.press('Enter')
    const viewer = page.getByRole('dialog', { name: 'Images' })
    await expect(viewer.getByRole('img', { name: 'pasted.png' })).toBeVisible()
    await expect(viewer).toContainText('1 of 2')
    await page.keyboard.press('ArrowRight')
    await expect(viewer.getByRole('img', { name: 'second.png' })).toBeVisible()
    await expectClean(page)
    await page.keyboard.press('Escape')
    await expect(viewer).toHaveCount(0)
  })
})

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

test.describe('macros', () => {
  const mark = `M${Date.now()}`
  test.beforeAll(async ({ browser }) => {
    const admin = await signIn(browser, 'admin@demo.test')
    for (const data of [
      {
        name: `${mark} confirmed`,
        scope: 'shared',
        message_kind: 'reply',
        body_text: 'Good news, {{requester.first_name | "there"}}: it is confirmed.',
        actions: [
          { set: 'status', value: 'on_hold' },
          { add_tags: [`${mark}-tag`] },
          { set: 'priority', value: 'high' },
        ],
      },
      { name: `${mark} duplicate`, scope: 'shared', actions: [{ set: 'status', value: 'solved' }] },
    ]) {
      const made = await admin.request.post('/api/macros', { headers, data })
      expect(made.status(), await made.text()).toBe(201)
    }
    const made = await admin.request.post('/api/triggers', {
      headers,
      data: {
        name: `${mark} tell treasury`,
        conditions: { all: [{ field: 'tags', op: 'includes_any', value: [`${mark}-tag`] }] },
        actions: [{ add_tags: [`${mark}-told`] }],
      },
    })
    expect(made.status(), await made.text()).toBe(201)
    await admin.context().close()
  })

  test('are found by /, tried out by the desk, applied by Enter and undone in one step', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Is it confirmed?')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await page.keyboard.type(`Hello, /${mark} conf`)
    const list = page.getByRole('listbox', { name: 'Macros' })
    await expect(list.getByRole('option')).toHaveCount(1)
    await expect(page.getByText('Good news, Naomi: it is confirmed.')).toBeVisible()
    await expect(page.getByText(`+ ${mark}-tag`)).toBeVisible()
    await expect(page.getByText(`“${mark} tell treasury”`)).toBeVisible()
    await expectClean(page)
    // Nothing is changed before Enter, and Escape leaves the text.
    expect((await (await page.request.get(`/api/tickets/${id}`)).json()).priority).toBe('normal')
    await page.keyboard.press('Escape')
    await expect(list).toHaveCount(0)
    await expect(editor(page, 'Reply')).toHaveText(`Hello, /${mark} conf`)
    await page.keyboard.press('Backspace')
    await page.keyboard.type('f')
    await page.keyboard.press('Control+a')
    await page.keyboard.type(`/${mark} conf`)
    await expect(list.getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(editor(page, 'Reply')).toHaveText('Good news, Naomi: it is confirmed.')
    await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Send as On hold' })).toBeVisible()
    // The status goes with the reply.
    await expect(page.getByRole('button', { name: 'Status: New' })).toBeVisible()
    await page.keyboard.press('Control+z')
    await expect(editor(page, 'Reply')).toHaveText(`/${mark} conf`)
    await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()

    await page.keyboard.type('i')
    await expect(list.getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Alt+Enter')
    await expect(editor(page, 'Reply')).toHaveText('Good news, Naomi: it is confirmed.')
    await expect(page.getByRole('button', { name: 'Send as Pending' })).toBeVisible()
    expect((await (await page.request.get(`/api/tickets/${id}`)).json()).priority).toBe('normal')
  })

  test('are applied by m, and what they set is taken back alone', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'By m')
    await openTicket(page, id)
    await page.keyboard.press('m')
    await page.keyboard.type(`${mark} conf`)
    await expect(page.getByRole('listbox', { name: 'Macros' }).getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Priority: High' })).toBeVisible()
    const told = page.getByRole('status').filter({ hasText: `${mark} confirmed` })
    await expect(told).toContainText('On hold')
    await expectClean(page)
    await told.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
    await expect(editor(page, 'Reply')).toHaveText('Good news, Naomi: it is confirmed.')
    await page.keyboard.press('Escape')

    await editor(page, 'Reply').fill('')
    await page.keyboard.press('Escape')
    await page.keyboard.press('m')
    await page.keyboard.type(`${mark} dup`)
    await expect(page.getByRole('listbox', { name: 'Macros' }).getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Status: Solved' })).toBeVisible()
    await expect(editor(page, 'Reply')).toHaveText('')
  })
})

test.describe('a macro', () => {
  const mark = `N${Date.now()}`
  test.beforeAll(async ({ browser }) => {
    const admin = await signIn(browser, 'admin@demo.test')
    for (const data of [
      {
        name: `${mark} blank`,
        scope: 'shared',
        message_kind: 'reply',
        body_text: 'Dear {{requester.first_name}}, {{agent.phone}} is my number',
      },
      { name: `${mark} refused`, scope: 'shared', message_kind: 'reply', body_text: 'Refused', actions: [] },
    ]) {
      const made = await admin.request.post('/api/macros', { headers, data })
      expect(made.status(), await made.text()).toBe(201)
    }
    await admin.context().close()
  })
  const options = (page: Page) => page.getByRole('listbox', { name: 'Macros' }).getByRole('option')

  test('whose placeholder has no value here leaves a blank, never a hole', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Without a number')
    await openTicket(page, id)
    await page.keyboard.press('m')
    await page.keyboard.type(`${mark} blank`)
    await expect(options(page)).toHaveCount(1)
    await expect(page.getByText('1 blank to fill')).toBeVisible()
    await expectClean(page)
    await page.keyboard.press('Enter')
    await expect(editor(page, 'Reply')).toHaveText('Dear Naomi, {{agent.phone}} is my number')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toHaveCount(0)
    await page.keyboard.type('4711')
    await expect(editor(page, 'Reply')).toHaveText('Dear Naomi, 4711 is my number')
  })

  test('that cannot be applied says why, and its command never goes to the customer', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Not here')
    await openTicket(page, id)
    await page.route('**/macros/*/preview', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: '{"status":422,"detail":"No","problems":[{"path":"macro","message":"there is no team any more"}]}',
      }),
    )
    await page.keyboard.press('r')
    await page.keyboard.type(`/${mark} ref`)
    await expect(options(page)).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.locator('[data-sonner-toast]')).toContainText('there is no team any more')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('alert').filter({ hasText: 'Choose a macro, or press Escape' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toHaveCount(0)
    await expect(editor(page, 'Reply')).toHaveText(`/${mark} ref`)
  })

  test('asked for by a command and left leaves no sign that nobody typed', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'Left again')
    await openTicket(page, id)
    // Before the editor is there, and after.
    for (const _ of [1, 2]) {
      await page.keyboard.press('m')
      await expect(options(page).first()).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(page.getByRole('listbox', { name: 'Macros' })).toHaveCount(0)
      await expect(editor(page, 'Reply')).toHaveText('')
      await page.keyboard.press('Escape')
    }
    await page.getByRole('button', { name: 'Apply a macro' }).click()
    await expect(options(page).first()).toBeVisible()
    await page.getByRole('heading', { level: 1 }).click()
    await expect(editor(page, 'Reply')).toHaveText('')
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
    await note.getByRole('button', { name: /^More about the message/ }).click()
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
