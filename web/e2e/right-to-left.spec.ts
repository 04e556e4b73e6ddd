import { type Browser, expect, type Locator, type Page } from '@playwright/test'
import { editor, makeTicket, openTicket, signIn } from './support'
import { test } from './test'
import { swipe } from './touch'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
// A picture of one pixel.
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** The list of so many tickets, read from the right. */
async function mirroredList(browser: Browser, count: number, options = {}) {
  const page = await signIn(browser, 'maya@demo.test', options)
  const word = `Mirror${Date.now()}`
  const ids: number[] = []
  for (let n = 1; n <= count; n++) ids.push(await makeTicket(page, `${word} number ${n}`))
  await page.goto(`/?q=${word}&sort=id&dir=rtl`)
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(page.locator('[data-ticket]')).toHaveCount(count)
  return { page, ids, word }
}

const row = (page: Page, id: number | undefined) => page.locator(`[data-ticket="${id}"]`)
const ticket = async (page: Page, id: number | undefined) => (await page.request.get(`/api/tickets/${id}`)).json()
const left = async (of: Locator) => (await of.boundingBox())?.x ?? 0

/** Texts of their own direction that begin elsewhere than at the right of their line. */
const astray = (of: Locator) =>
  of.evaluate((list) =>
    [...list.querySelectorAll<HTMLElement>('[dir="auto"]:not(.message)')].flatMap((text) => {
      const range = document.createRange()
      range.selectNodeContents(text)
      const ends = [...range.getClientRects()].filter(({ width }) => width > 0).map(({ right }) => right)
      const end = text.getBoundingClientRect().right - Number.parseFloat(getComputedStyle(text).paddingRight)
      return ends.length && Math.max(...ends) < end - 2 ? [text.textContent] : []
    }),
  )

test('from right to left each text of a row begins at the right, whichever letters it has', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', PHONE)
  const word = `Beside${Date.now()}`
  const [id, other] = [await makeTicket(page, `${word} one`), await makeTicket(page, `${word} other`)]
  await page.goto(`/?q=${word}&dir=rtl`)
  await expect(page.locator('[data-ticket]')).toHaveCount(2)
  expect(await astray(page.locator('#queue-rows'))).toEqual([])
  const { requester } = await ticket(page, id)
  await page.goto(`/customers/${requester.id}`)
  await expect(page.getByRole('link', { name: `${word} other` }).first()).toBeVisible()
  expect(await astray(page.getByRole('main'))).toEqual([])
  for (const path of ['/customers', '/search?q=refund', '/search?q=naomi']) {
    await page.goto(path)
    await expect(page.getByRole('main').locator('li a').first()).toBeVisible()
    expect(await astray(page.getByRole('main')), path).toEqual([])
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  await openTicket(page, id)
  await page.keyboard.press('Shift+M')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('searchbox').fill(`${word} other`)
  await dialog.getByRole('checkbox', { name: `#${other}` }).check()
  await expect(dialog.getByText(`About: ${word} other`)).toBeVisible()
  expect(await astray(dialog)).toEqual([])
})

test('from right to left what a ticket is about and how it goes on stand beside each other', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 3840, height: 2160 } })
  const word = `Near${Date.now()}`
  const id = await makeTicket(page, `${word} subject`)
  await page.goto(`/?q=${word}&dir=rtl`)
  const of = (text: string | RegExp) =>
    row(page, id)
      .getByText(text)
      .first()
      .evaluate((element) => {
        const range = document.createRange()
        range.selectNodeContents(element)
        return range.getBoundingClientRect().toJSON() as DOMRect
      })
  // Once the fonts and the widths of the columns are there.
  await expect(async () => {
    const gap = (await of(`${word} subject`)).left - (await of(/^About:/)).right
    expect(gap).toBeGreaterThan(4)
    expect(gap).toBeLessThan(16)
  }).toPass({ timeout: 20_000 })
})

test('from right to left a row that is swiped does what it uncovers', async ({ browser }) => {
  const { page, ids } = await mirroredList(browser, 3, PHONE)
  const cell = (id: number | undefined) => row(page, id).getByRole('gridcell')
  // Towards the beginning of the line, which is at the right: what lies at its end comes out at the left.
  await swipe(cell(ids[0]), 90)
  const solve = row(page, ids[0]).getByRole('button', { name: 'Solve' })
  await expect(solve).toBeInViewport()
  await expect.poll(async () => (await left(solve)) < (await left(cell(ids[0])))).toBe(true)
  await solve.click()
  await expect.poll(async () => (await ticket(page, ids[0])).status_category).toBe('solved')
  await swipe(cell(ids[1]), 220)
  await expect.poll(async () => (await ticket(page, ids[1])).status_category).toBe('solved')
  await swipe(cell(ids[2]), -220)
  await expect.poll(async () => (await ticket(page, ids[2])).assignee?.name).toBe('Maya Okafor')
  expect((await ticket(page, ids[2])).status_category).not.toBe('solved')
})

test('from right to left a swipe of the page to the right brings the next ticket', async ({ browser }) => {
  const { page, ids } = await mirroredList(browser, 2, PHONE)
  await row(page, ids[0]).getByRole('link').click()
  const shown = (id: number | undefined) => page.getByRole('region', { name: `Ticket ${id}`, exact: true })
  await expect(shown(ids[0])).toContainText('1 of 2')
  await swipe(shown(ids[0]), 185)
  await expect(shown(ids[1])).toBeVisible()
  await swipe(shown(ids[1]), -185)
  await expect(shown(ids[0])).toBeVisible()
})

test('from right to left groups fold by the arrow that points away from their line', async ({ browser }) => {
  const { page, word } = await mirroredList(browser, 2)
  await page.goto(`/?q=${word}&group=status`)
  await expect(page.locator('[data-ticket]')).toHaveCount(2)
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('[data-ticket]')).toHaveCount(0)
  await page.keyboard.press('ArrowLeft')
  await expect(page.locator('[data-ticket]')).toHaveCount(2)
})

test('from right to left the bar of the row one is on is at the right', async ({ browser }) => {
  const { page } = await mirroredList(browser, 1)
  for (const address of ['/customers', '/search?q=naomi']) {
    await page.goto(address)
    const link = page.getByRole('main').locator('li a').first()
    await link.focus()
    await expect(link.locator('xpath=ancestor::li')).toHaveCSS('box-shadow', /-2px 0px 0px 0px inset$/)
  }
})

test('from right to left pictures turn the way their buttons point', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Mirrored pictures')
  await page.goto('/?dir=rtl')
  await openTicket(page, id)
  await page.keyboard.press('n')
  await editor(page, 'Internal note').fill('Two pictures')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach files' }).click()
  await (await chooser).setFiles(
    ['first.png', 'second.png'].map((name) => ({ name, mimeType: 'image/png', buffer: PNG })),
  )
  await expect(page.getByRole('list', { name: 'Attached files' })).toContainText('second.png')
  await editor(page, 'Internal note').press('Control+Enter')
  const message = page.getByRole('article', { name: /^Internal note from Maya/ })
  await message.getByRole('button', { name: 'Open first.png' }).click()
  const viewer = page.getByRole('dialog', { name: 'Images' })
  await expect(viewer.getByRole('img', { name: 'first.png' })).toBeVisible()
  const [previous, next] = [
    viewer.getByRole('button', { name: 'Previous image' }),
    viewer.getByRole('button', { name: 'Next image' }),
  ]
  expect(await left(next)).toBeLessThan(await left(previous))
  await expect(next.locator('svg')).toHaveCSS('scale', '-1 1')
  await page.keyboard.press('ArrowLeft')
  await expect(viewer.getByRole('img', { name: 'second.png' })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(viewer.getByRole('img', { name: 'first.png' })).toBeVisible()
})
