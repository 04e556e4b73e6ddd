import { expect, type Route } from '@playwright/test'
import { editor, makeTicket, messagesOf, openTicket, sendNow, signIn } from './support'
import { test } from './test'

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

test.describe('a message that is sent before the statuses have come', () => {
  for (const [keys, status, held] of [
    ['Control+Enter', 'pending', ''],
    ['Control+Shift+Enter', 'solved', ''],
    ['Control+Alt+h', 'on_hold', ''],
    ['Control+Enter', 'pending', ' and before the editor'],
    ['Control+Shift+Enter', 'solved', ' and before the editor'],
    ['the button', 'pending', ''],
  ] as const)
    test(`goes with the status that it was sent with, by ${keys}${held}`, async ({ browser }) => {
      const page = await signIn(browser, 'maya@demo.test')
      const id = await makeTicket(page, 'Sent too early')
      let come = () => {}
      const here = new Promise<void>((resolve) => {
        come = resolve
      })
      const hold = async (route: Route) => {
        await here
        await route.continue()
      }
      await page.route('**/api/statuses*', hold)
      if (held) await page.route(/assets\/editor-.*\.js/, hold)
      await openTicket(page, id)
      await expect(page.getByRole('article').first()).toBeVisible()
      await page.keyboard.press('r')
      await editor(page, 'Reply').fill('On its way')
      if (keys === 'the button') await page.getByRole('button', { name: /^Send as/ }).click()
      else await page.keyboard.press(keys)
      come()
      await expect(editor(page, 'Reply')).toHaveText('')
      await sendNow(page)
      await expect.poll(async () => (await (await page.request.get(`/api/tickets/${id}`)).json()).status).toBe(status)
      expect((await messagesOf(page, id)).map(({ body_text }) => body_text)).toContain('On its way')
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

  test('and before the statuses wait for these, on a ticket and in a list', async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test')
    const mark = `Early${Date.now()}`
    for (const place of ['ticket', 'list'] as const) {
      const id = await makeTicket(page, `${mark} ${place}`)
      let come = () => {}
      const here = new Promise<void>((resolve) => {
        come = resolve
      })
      await page.route('**/api/statuses*', async (route) => {
        await here
        await route.continue()
      })
      if (place === 'ticket') {
        await openTicket(page, id)
        await expect(page.getByRole('article').first()).toBeVisible()
      } else {
        await page.goto(`/?q=${mark}%20list`)
        await expect(page.locator('[data-ticket]')).toHaveCount(1)
      }
      await page.keyboard.press('s')
      await page.keyboard.press('h')
      come()
      await expect
        .poll(async () => (await (await page.request.get(`/api/tickets/${id}`)).json()).status)
        .toBe('on_hold')
      await page.unrouteAll()
    }
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
