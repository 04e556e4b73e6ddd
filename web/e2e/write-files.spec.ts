import { expect, type Locator, type Page } from '@playwright/test'
import { editor, expectClean, makeTicket, openTicket, sendNow, signIn } from './support'
import { test } from './test'

// A picture of one pixel.
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

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

test.describe('files', () => {
  test('come in the order in which they were attached, whichever was uploaded first', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const id = await makeTicket(page, 'In order')
    await openTicket(page, id)
    await page.keyboard.press('r')
    await editor(page, 'Reply').fill('One after the other')
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    await page.route('**/api/attachments?name=first.txt', async (route) => {
      await gate
      await route.continue()
    })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach files' }).click()
    const names = ['first.txt', 'second.txt', 'third.txt']
    await (await chooser).setFiles(
      names.map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`content of ${name}`) })),
    )
    const files = page.getByRole('list', { name: 'Attached files' })
    await expect(files.getByRole('progressbar')).toHaveCount(1)
    go()
    await expect(files.getByRole('progressbar')).toHaveCount(0)
    await page.keyboard.press('Control+Enter')
    await sendNow(page)
    const links = page.getByRole('article', { name: /^Message from Maya/ }).getByRole('link', { name: /^Download/ })
    await expect(links).toHaveCount(3)
    expect(await links.evaluateAll((all) => all.map((each) => each.getAttribute('download')))).toEqual(names)
  })

  test('on a phone, what goes as soon as its files are there leaves the page that it was written on', async ({
    browser,
  }) => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }
    const page = await signIn(browser, 'maya@demo.test', phone)
    await openTicket(page, await makeTicket(page, 'Waits for its file'))
    await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Reply' }).click()
    await editor(page, 'Reply').fill('See the file')
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    await page.route('**/api/attachments?name=*', async (route) => {
      await gate
      await route.continue()
    })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach files' }).click()
    await (await chooser).setFiles([{ name: 'slow.txt', mimeType: 'text/plain', buffer: Buffer.from('slow') }])
    await page.getByRole('button', { name: 'Send as Pending' }).click()
    await expect(page.getByRole('button', { name: 'Sent after the upload' })).toBeVisible()
    go()
    await expect(page.getByRole('dialog', { name: 'Write' })).toHaveCount(0)
    await expect(page.getByRole('list', { name: 'Outgoing messages' })).toBeVisible()
  })

  test('that are too large are refused before they are sent, in the words of people and without another try', async ({
    browser,
  }) => {
    const page = await signIn(browser, 'maya@demo.test')
    await page.route('**/api/settings', async (route) => {
      const answer = await route.fetch()
      return route.fulfill({ json: { ...(await answer.json()), attachment_max_bytes: 2_500_000 } })
    })
    const sent: string[] = []
    page.on('request', (request) => request.url().includes('/api/attachments?') && sent.push(request.url()))
    await openTicket(page, await makeTicket(page, 'Too large'))
    const large = { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(3_000_000) }
    const refused = async (list: Locator) => {
      await expect(list.getByRole('alert')).toHaveText('It is too large: a file has at most 2.5 MB here')
      await expect(list.getByRole('button')).toHaveCount(1)
      await list.getByRole('button', { name: 'Remove film.mp4' }).click()
    }
    await page.keyboard.press('r')
    await expect(editor(page, 'Reply')).toBeFocused()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach files' }).click()
    await (await chooser).setFiles(large)
    await refused(page.getByRole('list', { name: 'Attached files' }))
    await page.getByRole('button', { name: 'Create a ticket' }).click()
    const dialog = page.getByRole('dialog', { name: 'New ticket' })
    await dialog.locator('input[type=file]').setInputFiles(large)
    await refused(dialog.getByRole('list', { name: 'Attached files' }))
    expect(sent).toEqual([])
  })

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
          status: 503,
          contentType: 'application/problem+json',
          body: '{"status":503,"detail":"too busy"}',
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
    await expect(files.getByRole('alert')).toHaveText('too busy')
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
