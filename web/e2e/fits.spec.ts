import { type Browser, expect, type Locator, type Page } from '@playwright/test'
import { makeTicket, signIn } from './support'
import { test } from './test'

const NARROW = { viewport: { width: 320, height: 640 }, hasTouch: true }

const boxOf = async (of: Locator) => (await of.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }

/** Of all controls in here the ones that stand out of it, or that something lies on. */
const faultsIn = (root: Locator) =>
  root.evaluate((box) => {
    const { left, right, top, bottom } = box.getBoundingClientRect()
    return [...box.querySelectorAll('button, a[href], input, select')]
      .filter((control) => control.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter((control) => {
        const at = control.getBoundingClientRect()
        if (at.left < left - 1 || at.right > right + 1 || at.top < top - 1 || at.bottom > bottom + 1) return true
        const hit = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2)
        return !hit || !(control.contains(hit) || control.closest('label')?.contains(hit))
      })
      .map((control) => control.getAttribute('aria-label') ?? control.textContent)
  })

/** A page of its own of this size, for whoever is signed in. */
async function pageOf(browser: Browser, maya: Page, options: object): Promise<Page> {
  return (await browser.newContext({ ...options, storageState: await maya.context().storageState() })).newPage()
}

test('the bar for selected tickets holds its buttons, also beside a preview', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 1440, height: 900 } })
  const mark = `Fits${Date.now()}`
  for (const each of ['one', 'two', 'three']) await makeTicket(page, `${mark} ${each}`)
  await page.goto(`/?q=${mark}`)
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  for (const key of ['x', 'j', 'x']) await page.keyboard.press(key)
  const bar = page.getByRole('toolbar', { name: 'Selected tickets' })
  await expect(bar).toContainText('2 selected')
  expect(await faultsIn(bar)).toEqual([])
  await page.keyboard.press('Space')
  await expect(page.getByRole('complementary', { name: 'Preview' })).toBeVisible()
  await expect.poll(() => faultsIn(bar)).toEqual([])
})

test('a notice covers nothing that is pressed', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Noticed')
  await page.goto(`/tickets/${id}`)
  const composer = page.getByRole('region', { name: 'Write', exact: true })
  await expect(composer.getByRole('button', { name: 'Bold' })).toBeVisible()
  await page.keyboard.press('i')
  const notice = page.locator('[data-sonner-toast][data-mounted=true]')
  await expect(notice).toHaveCount(1)
  await expect
    .poll(async () => {
      const [over, below] = [await boxOf(notice), await boxOf(composer)]
      return over.y + over.height <= below.y && over.x > below.x && over.x + over.width < below.x + below.width
    })
    .toBe(true)
})

test('at 320 pixels a reply is written, sent and taken back with every button whole', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(maya, 'Narrow')
  const page = await pageOf(browser, maya, NARROW)
  await page.goto(`/tickets/${id}`)
  const acts = page.getByRole('toolbar', { name: 'Actions' })
  for (const name of await acts.locator('button > span, button').all())
    expect(await name.evaluate((each) => each.scrollWidth - each.clientWidth), 'cut').toBeLessThanOrEqual(0)
  await acts.getByRole('button', { name: 'Reply' }).click()
  const sheet = page.getByRole('dialog', { name: 'Write' })
  await page.getByRole('textbox', { name: 'Reply' }).fill('On its way.')
  // No tool lies under another control.
  await expect.poll(() => faultsIn(sheet)).toEqual([])
  const send = sheet.getByRole('button', { name: /^Send as/ })
  for (const button of [send, sheet.getByRole('button', { name: 'Choose the status' })]) {
    const { x, width } = await boxOf(button)
    expect(x + width).toBeLessThanOrEqual(320)
  }
  await send.click()
  const strip = page.getByRole('list', { name: 'Outgoing messages' })
  await expect(strip).toBeVisible()
  expect(await faultsIn(strip)).toEqual([])
  await strip.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveText('On its way.')
})

test('on a phone the way back closes what has come over the ticket', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const mark = `Back${Date.now()}`
  const id = await makeTicket(maya, mark)
  const page = await pageOf(browser, maya, { viewport: { width: 390, height: 844 }, hasTouch: true })
  await page.goto(`/?q=${mark}`)
  await page.locator(`[data-ticket="${id}"]`).click()
  await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Reply' }).click()
  await expect(page.getByRole('dialog', { name: 'Write' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: 'About Naomi Byrne' }).click()
  await expect(page.getByRole('dialog', { name: 'About this ticket' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await page.goBack()
  await expect(page).toHaveURL(new RegExp(mark))
})

test('a long line of code scrolls in itself, and many tags are folded', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Long', {
    description: undefined,
    description_html: `<p>Look:</p><pre>code ${'x'.repeat(400)}</pre>`,
    tags: Array.from({ length: 40 }, (_, n) => `fold-${n}`),
  })
  await page.goto(`/tickets/${id}`)
  const code = page.locator('.message pre')
  await expect(code).toBeVisible()
  expect(await code.evaluate((each) => each.scrollWidth > each.clientWidth)).toBe(true)
  const message = await boxOf(page.getByRole('article').first())
  const { x, width } = await boxOf(code)
  expect(x + width).toBeLessThanOrEqual(message.x + message.width)

  const removes = page.getByRole('button', { name: /^Remove the tag fold-/ })
  await expect(removes).toHaveCount(6)
  await page.getByRole('button', { name: 'Show all 40 tags' }).click()
  await expect(removes).toHaveCount(40)
})

test('a closed ticket offers nothing that it does not take', async ({ browser }) => {
  const page = await signIn(browser, 'admin@demo.test')
  const id = await makeTicket(page, 'Closed')
  for (const status of ['solved', 'closed'])
    await page.request.patch(`/api/tickets/${id}`, { headers: { 'x-requested-with': 'autocrm' }, data: { status } })
  await page.goto(`/tickets/${id}`)
  await expect(page.getByRole('button', { name: 'Open a follow-up' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Reopen' })).toHaveCount(0)
  const hints = page.locator('main footer')
  await expect(hints).toContainText('assign to me')
  await expect(hints).not.toContainText('reply')
  await expect(hints).not.toContainText('solve')
  await page.goto('/tickets/999999999')
  await expect(page.getByRole('heading', { name: 'No such ticket' })).toBeVisible()
  await expect(hints).not.toContainText('reply')
})
