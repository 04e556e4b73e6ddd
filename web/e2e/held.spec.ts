import { type Browser, expect, type Page } from '@playwright/test'
import { colleague, expectClean, makeTicket, messagesOf, openTicket, signIn, takeBackFor } from './support'
import { test } from './test'

/** Whoever has time to take something back, on a machine that is busy too. */
async function unhurried(browser: Browser) {
  const page = await signIn(browser, 'maya@demo.test')
  await takeBackFor(page, 15)
  return page
}

const notice = (page: Page, text: string | RegExp) =>
  page.locator('[data-sonner-toast]').filter({ hasText: text }).first()
const panel = (page: Page) => page.getByRole('region', { name: 'Progress of the change' })
const row = (page: Page, id: number | undefined) => page.locator(`[data-ticket="${id}"]`)

const statusOf = async (page: Page, id: number | undefined): Promise<string> =>
  (await (await page.request.get(`/api/tickets/${id}`)).json()).status_category

/** What agents have said on each of these tickets. */
const saidOn = async (page: Page, ids: number[]) =>
  (await Promise.all(ids.map((id) => messagesOf(page, id))))
    .flat()
    .filter(({ body_text }) => !body_text.startsWith('About:'))
    .map(({ body_text }) => body_text)

async function listOf(page: Page, count: number) {
  const word = `Held${Date.now()}${Math.floor(Math.random() * 1000)}`
  const ids: number[] = []
  for (let n = 1; n <= count; n++) ids.push(await makeTicket(page, `${word} number ${n}`))
  await page.goto(`/?q=${word}&sort=id`)
  await expect(page.locator('[data-ticket]')).toHaveCount(count)
  await expect(page.getByRole('grid')).toBeFocused()
  return { word, ids }
}

/** From the next page on, in this browser alone. */
const inGerman = (page: Page) =>
  page.evaluate(() => {
    localStorage.setItem('language', 'de')
    sessionStorage.setItem('language-tried', 'en')
  })

async function makeMacro(data: object): Promise<string> {
  const { request } = await colleague('admin@demo.test')
  const name = `Macro${Date.now()}${Math.floor(Math.random() * 1000)}`
  const made = await request.post('/api/macros', { data: { name, scope: 'shared', message_kind: 'reply', ...data } })
  expect(made.status(), await made.text()).toBe(201)
  return name
}

/** Merges the first two tickets of the list by keyboard. */
async function mergeTwo(page: Page, button: RegExp = /^Merge 1/) {
  for (const key of ['x', 'j', 'x', 'Shift+M']) await page.keyboard.press(key)
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: button })).toBeEnabled()
  await page.keyboard.press('Control+Enter')
  await expect(dialog).toHaveCount(0)
}

/** Chooses a macro of this name for the ticket under the cursor, or those that are selected. */
async function chooseMacro(page: Page, name: string) {
  await page.keyboard.press('m')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('combobox')).toBeFocused()
  await page.keyboard.type(name)
  await expect(dialog.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  return dialog
}

test.describe('a merge', () => {
  test('is shown at once, and taken back by the notice or by Ctrl+Z until it is carried out', async ({ browser }) => {
    const page = await unhurried(browser)
    const word = `Kept${Date.now()}`
    const stays = await makeTicket(page, `${word} apart`)
    const closes = await makeTicket(page, `Re: ${word} apart`)
    const merge = async () => {
      await page.keyboard.press('Shift+M')
      const dialog = page.getByRole('dialog', { name: `Merge into #${stays}` })
      await dialog.getByRole('checkbox', { name: `#${closes}` }).check()
      await expect(dialog.getByText('You can take it back for a few seconds.')).toBeVisible()
      await expect(dialog.getByRole('button', { name: 'Merge 1 ticket' })).toBeEnabled()
      await page.keyboard.press('Control+Enter')
      await expect(dialog).toHaveCount(0)
    }
    await openTicket(page, stays)
    await merge()
    await expect(notice(page, `Merge 1 ticket into #${stays}`)).toContainText(/in \d+ s/)
    await expectClean(page)
    await notice(page, `Merge 1 ticket into #${stays}`).getByRole('button', { name: /^Undo/ }).click()
    await expect(notice(page, `Taken back: Merge 1 ticket into #${stays}`)).toBeVisible()

    await merge()
    await expect(notice(page, `Merge 1 ticket into #${stays}`)).toContainText(/in \d+ s/)
    await page.keyboard.press('Control+z')
    await expect(page.getByText(/in \d+ s/)).toHaveCount(0)
    expect(await statusOf(page, closes)).toBe('new')

    await merge()
    await expect.poll(() => statusOf(page, closes)).toBe('closed')
    await expect(notice(page, `Merged 1 ticket into #${stays}`)).toBeVisible()
    const conversation = page.getByRole('region', { name: 'Conversation' })
    await expect(conversation.getByText(`About: Re: ${word} apart`)).toBeVisible()
  })

  test('leaves the list at once, and its ticket is back when it is taken back', async ({ browser }) => {
    const page = await unhurried(browser)
    const { ids } = await listOf(page, 3)
    await mergeTwo(page)
    await expect(row(page, ids[1])).toHaveCount(0)
    expect(await statusOf(page, ids[1])).toBe('new')
    await page.keyboard.press('Control+z')
    await expect(row(page, ids[1])).toBeVisible()
    expect(await statusOf(page, ids[1])).toBe('new')
  })

  test('that is held when its page is loaded anew is held again, in German too, and then made', async ({ browser }) => {
    const page = await unhurried(browser)
    await inGerman(page)
    const { ids } = await listOf(page, 2)
    await mergeTwo(page, /^1 Ticket zusammenführen/)
    const text = `1 Ticket mit #${ids[0]} zusammenführen`
    await expect(notice(page, text)).toContainText(/in \d+ s/)
    await page.reload()
    await expect(notice(page, text)).toContainText(/in \d+ s/)
    await expect(row(page, ids[1]).getByRole('img', { name: 'Geschlossen' })).toBeVisible()
    await notice(page, text)
      .getByRole('button', { name: /^Rückgängig/ })
      .click()
    await expect(notice(page, `Zurückgenommen: ${text}`)).toBeVisible()
    await expect(row(page, ids[1]).getByRole('img', { name: 'Neu' })).toBeVisible()

    await page.keyboard.press('Escape')
    await page.keyboard.press('Home')
    await mergeTwo(page, /^1 Ticket zusammenführen/)
    await expect(notice(page, text)).toBeVisible()
    await page.reload()
    await expect.poll(() => statusOf(page, ids[1])).toBe('closed')
    await expect(notice(page, `1 Ticket mit #${ids[0]} zusammengeführt`)).toBeVisible()
  })

  test('that is held when its tab is closed is taken over by the next page', async ({ browser }) => {
    const page = await unhurried(browser)
    const { ids } = await listOf(page, 2)
    await mergeTwo(page)
    await expect(row(page, ids[1])).toHaveCount(0)
    const other = await page.context().newPage()
    await page.close()
    await other.goto(`/tickets/${ids[0]}`)
    await expect(notice(other, `Merge 1 ticket into #${ids[0]}`)).toContainText(/in \d+ s/)
    await expect.poll(() => statusOf(other, ids[1])).toBe('closed')
  })

  test('is carried out before the next change of many, which is for what it leaves', async ({ browser }) => {
    const page = await unhurried(browser)
    const { ids } = await listOf(page, 3)
    await mergeTwo(page)
    await expect(row(page, ids[1])).toHaveCount(0)
    await page.keyboard.press('Shift+A')
    await page.keyboard.press('p')
    await page.getByRole('option', { name: 'Urgent' }).click()
    await expect(panel(page)).toContainText('Set the priority of 2 tickets to Urgent')
    await expect(panel(page)).toContainText('2 changed')
    expect(await statusOf(page, ids[1])).toBe('closed')
  })

  test('that is refused says why, and is made again on request', async ({ browser }) => {
    const page = await unhurried(browser)
    const { ids } = await listOf(page, 2)
    await page.route('**/api/tickets/*/merge', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: '{"status":422,"code":"TK422","detail":"No","problems":[{"path":"into","message":"is on fire"}]}',
      }),
    )
    await mergeTwo(page)
    const refused = notice(page, `Not merged into #${ids[0]}`)
    await expect(refused).toContainText('is on fire')
    await expect(row(page, ids[1])).toBeVisible()
    await page.unroute('**/api/tickets/*/merge')
    await refused.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => statusOf(page, ids[1])).toBe('closed')
  })
})

test.describe('a macro that writes to customers', () => {
  test('is chosen, read, confirmed and cancelled by keys alone, from the list and from the palette', async ({
    browser,
  }) => {
    const lines = Array.from({ length: 60 }, (_, n) => `line ${n + 1}`).join('\n')
    const name = await makeMacro({ body_text: `Dear {{requester.first_name}},\n${lines}\ngoodbye.` })
    const page = await unhurried(browser)
    const { ids } = await listOf(page, 1)
    const text = page.getByRole('dialog').getByRole('document', { name: 'The reply' })
    const dialog = await chooseMacro(page, name)
    await expect(text).toBeFocused()
    await expect(text).toContainText('Dear Naomi,')
    await expect(dialog).toContainText(`“${name}” sends a reply to the customer`)
    // To the end of it.
    await page.keyboard.press('End')
    await expect.poll(() => text.evaluate((box) => box.scrollTop)).toBeGreaterThan(0)
    await expectClean(page)
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole('grid')).toBeFocused()
    await expect(page.getByText(/in \d+ s/)).toHaveCount(0)

    await page.keyboard.press('Control+k')
    await expect(dialog.getByRole('combobox')).toBeFocused()
    await page.keyboard.type('Apply a macro')
    await expect(dialog.getByRole('option').first()).toContainText('Apply a macro')
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('combobox', { name: 'Macro' })).toBeFocused()
    await page.keyboard.type(name)
    await expect(dialog.getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(text).toBeFocused()
    await expect(text).toContainText('goodbye.')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(notice(page, `Apply “${name}” to 1 ticket`)).toContainText(/in \d+ s/)
    // The key was for the dialog alone.
    await expect(page.getByRole('grid')).toBeFocused()
    expect(await saidOn(page, ids)).toEqual([])
    await expect.poll(() => saidOn(page, ids)).toHaveLength(1)
  })

  test('is held for one ticket as a reply is, and taken back by Ctrl+Z', async ({ browser }) => {
    const name = await makeMacro({
      body_text: 'Done, {{requester.first_name}}.',
      actions: [{ add_tags: ['held-tag'] }],
    })
    const page = await unhurried(browser)
    const { ids } = await listOf(page, 1)
    const apply = async () => {
      const dialog = await chooseMacro(page, name)
      await expect(dialog).toContainText('Done, Naomi.')
      await page.keyboard.press('Enter')
      await expect(dialog).toHaveCount(0)
      await expect(notice(page, `Apply “${name}” to 1 ticket`)).toContainText(/in \d+ s/)
    }
    await apply()
    await page.keyboard.press('Control+z')
    await expect(notice(page, `Taken back: Apply “${name}” to 1 ticket`)).toBeVisible()
    await apply()
    await expect(panel(page)).toContainText(`Apply “${name}”`)
    await expect(panel(page)).toContainText('replies that were sent stay sent')
    expect(await saidOn(page, ids)).toEqual(['Done, Naomi.'])
    // Once sent, what else it has changed is undone.
    await page.keyboard.press('Control+z')
    await expect(panel(page)).toContainText('1 restored')
    expect(await saidOn(page, ids)).toEqual(['Done, Naomi.'])
  })

  test('begins its job for many only when it can no longer be taken back, and survives a reload', async ({
    browser,
  }) => {
    const name = await makeMacro({ body_text: 'Done, {{requester.first_name}}.' })
    const page = await unhurried(browser)
    const { ids } = await listOf(page, 2)
    const jobs: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/bulk-jobs')) jobs.push(request.url())
    })
    const apply = async () => {
      for (const key of ['Home', 'x', 'j', 'x']) await page.keyboard.press(key)
      const dialog = await chooseMacro(page, name)
      await expect(dialog.getByRole('button', { name: 'Apply and send 2 replies' })).toBeEnabled()
      await page.keyboard.press('Enter')
      await expect(notice(page, `Apply “${name}” to 2 tickets`)).toContainText(/in \d+ s/)
    }
    await apply()
    await notice(page, `Apply “${name}” to 2 tickets`).getByRole('button', { name: /^Undo/ }).click()
    await expect(notice(page, 'Taken back')).toBeVisible()
    // Whoever presses a button of a notice goes on where they were.
    await expect(page.getByRole('grid')).toBeFocused()
    await apply()
    expect(jobs).toEqual([])
    await page.reload()
    await expect(notice(page, `Apply “${name}” to 2 tickets`)).toContainText(/in \d+ s/)
    await expect(panel(page)).toContainText(`Apply “${name}”`)
    await expect(panel(page)).toContainText('2 changed')
    expect(jobs).toHaveLength(1)
    expect(await saidOn(page, ids)).toEqual(['Done, Naomi.', 'Done, Naomi.'])
  })

  test('leaves out tickets in which a value is missing, and says which value', async ({ browser }) => {
    const name = await makeMacro({ body_text: 'It is order {{ticket.custom.order_number}}, {{requester.first_name}}.' })
    const page = await unhurried(browser)
    const { ids } = await listOf(page, 2)
    await page.request.patch(`/api/tickets/${ids[0]}`, {
      headers: { 'x-requested-with': 'autocrm' },
      data: { custom: { order_number: '12345' }, subject: 'What does {{agent.phone}} mean?' },
    })
    await page.keyboard.press('j')
    const one = await chooseMacro(page, name)
    await expect(one.getByRole('alert')).toContainText('Order number has no value here')
    await expect(one.getByRole('button', { name: 'Apply and send the reply' })).toBeDisabled()
    await expectClean(page)
    await page.keyboard.press('Escape')

    for (const key of ['x', 'Home', 'x']) await page.keyboard.press(key)
    await expect((await chooseMacro(page, name)).getByRole('alert')).toHaveCount(0)
    await expect(page.getByRole('dialog')).toContainText('It is order 12345')
    await page.keyboard.press('Enter')
    await expect(panel(page)).toContainText(`Apply “${name}”`)
    await expect(panel(page)).toContainText('1 could not be changed')
    await expect(row(page, ids[1])).toContainText('Order number')
    expect(await saidOn(page, ids)).toEqual(['It is order 12345, Naomi.'])
    await expectClean(page)
  })

  test('asks and warns in German', async ({ browser }) => {
    const name = await makeMacro({ body_text: 'It is order {{ticket.custom.order_number}}.' })
    const page = await unhurried(browser)
    await inGerman(page)
    const { ids } = await listOf(page, 2)
    const dialog = await chooseMacro(page, name)
    await expect(dialog).toContainText(`„${name}“ sendet eine Antwort an den Kunden`)
    await expect(dialog).toContainText('Sie wird nach einigen Sekunden gesendet')
    await expect(dialog.getByRole('alert')).toContainText('Order number hat hier keinen Wert.')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Shift+A')
    await chooseMacro(page, name)
    await expect(dialog.getByRole('alert')).toContainText('bekommen keine Antwort')
    await page.keyboard.press('Enter')
    await expect(row(page, ids[0])).toContainText('Order number hat hier keinen Wert; füllen Sie ihn im Ticket aus')
  })
})
