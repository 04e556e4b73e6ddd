import { expect, type Locator, type Page } from '@playwright/test'
import { editor, expectClean, makeTicket, misdrawn, openTicket, signIn, WELL_DRAWN } from './support'
import { test } from './test'

const boxOf = async (of: Locator) => (await of.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }

/** How much of the conversation is in sight, in pixels. */
const seenOf = (page: Page) =>
  page.getByRole('region', { name: 'Conversation' }).evaluate((conversation) => {
    let { top, bottom } = conversation.getBoundingClientRect()
    for (let around = conversation.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflowY === 'visible') continue
      const box = around.getBoundingClientRect()
      top = Math.max(top, box.top)
      bottom = Math.min(bottom, box.bottom)
    }
    return bottom - top
  })

for (const [width, height, hasTouch] of [
  [960, 540, false],
  // Full HD, drawn twice as large.
  [960, 470, false],
  [844, 390, true],
] as const)
  test(`in a window of ${width} × ${height} the conversation has room, and one writes on a page of its own`, async ({
    browser,
  }) => {
    const page = await signIn(browser, 'maya@demo.test', { viewport: { width, height }, hasTouch })
    const id = await makeTicket(page, 'Read in a low window', { description: 'Line by line.\n'.repeat(40) })
    await openTicket(page, id)
    await expect(page.getByRole('article')).toBeVisible()
    await expect.poll(() => seenOf(page)).toBeGreaterThan(height / 2)
    // The hints of keys have gone with their room.
    await expect(page.locator('main footer')).toBeHidden()
    await expect.poll(() => misdrawn(page)).toEqual(WELL_DRAWN)
    await expectClean(page)

    const acts = page.getByRole('toolbar', { name: 'Actions' })
    await expect(acts).toBeInViewport({ ratio: 1 })
    await acts.getByRole('button', { name: 'Reply' }).click()
    const sheet = page.getByRole('dialog', { name: 'Write' })
    await editor(page, 'Reply').fill('Order {{order}} is on its way.')
    await page.keyboard.press('Control+Enter')
    await expect(sheet.getByRole('alert').first()).toBeVisible()
    // What asks before it is sent pushes nothing out of the window.
    for (const control of [sheet.getByRole('tab', { name: 'Reply' }), sheet.getByRole('button', { name: /^Send as/ })])
      await expect(control).toBeInViewport({ ratio: 1 })
    expect((await boxOf(editor(page, 'Reply'))).height).toBeGreaterThan(20)
    await expectClean(page)
    await page.keyboard.press('Escape')
    await expect(sheet).toHaveCount(0)
    await expect.poll(() => seenOf(page)).toBeGreaterThan(height / 2)
    if (hasTouch) return
    // By the keyboard too.
    await page.keyboard.press('n')
    await expect(editor(page, 'Internal note')).toBeFocused()
  })

test('the preview beside a queue has room in a low window', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 1440, height: 500 } })
  const mark = `Low${Date.now()}`
  await makeTicket(page, mark, { description: 'Line by line.\n'.repeat(40) })
  await page.goto(`/?q=${mark}`)
  await page.locator('[data-ticket]').first().waitFor()
  await page.keyboard.press('Space')
  await expect(page.getByRole('complementary', { name: 'Preview' }).getByRole('article')).toBeVisible()
  await expect.poll(() => seenOf(page)).toBeGreaterThan(200)
  await expectClean(page)
  await page.keyboard.press('r')
  await expect(editor(page, 'Reply')).toBeFocused()
})

for (const [width, height] of [
  [390, 844],
  [720, 450],
  [1024, 500],
] as const)
  test(`lists that overflow a window of ${width} × ${height} can be scrolled by the keyboard`, async ({ browser }) => {
    const page = await signIn(browser, 'maya@demo.test', { viewport: { width, height } })
    const id = await makeTicket(page, 'Long lists')
    await page.getByRole('button', { name: 'Add a filter' }).click()
    await expect(page.getByRole('listbox', { name: 'Add a filter' })).toBeVisible()
    await expectClean(page)
    await page.keyboard.press('Escape')

    await openTicket(page, id)
    await page.keyboard.press('r')
    await expect(editor(page, 'Reply')).toBeFocused()
    await page.keyboard.type('@')
    const people = page.getByRole('listbox', { name: 'People and teams' })
    await expect(people).toBeVisible()
    await expectClean(page)
    // The cursor is in sight wherever it goes.
    await page.keyboard.press('ArrowUp')
    await expect(people.getByRole('option', { selected: true })).toBeInViewport({ ratio: 1 })
    await page.keyboard.press('Backspace')

    await page.keyboard.type('/')
    await expect(page.getByRole('listbox', { name: 'Macros' })).toBeVisible()
    await expect(
      page
        .getByText('Would change', { exact: true })
        .or(page.getByText('Would write', { exact: true }))
        .first(),
    ).toBeAttached()
    await expectClean(page)
    // Whoever presses into it to scroll goes on writing.
    const list = await page.getByRole('listbox', { name: 'Macros' }).boundingBox()
    await page.mouse.move((list?.x ?? 0) + 3, (list?.y ?? 0) + 3)
    await page.mouse.down()
    await page.mouse.up()
    await expect(editor(page, 'Reply')).toBeFocused()
    await expect(page.getByRole('listbox', { name: 'Macros' })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    await openTicket(page, id)
    await page.keyboard.press('a')
    await expect(page.getByRole('listbox', { name: 'Assignee' })).toBeVisible()
    await expectClean(page)
  })

test('whoever writes something else while the window becomes low goes on with that', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 1280, height: 800 } })
  const id = await makeTicket(page, 'A keyboard for a field')
  await openTicket(page, id)
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'New macro' }).click()
  const macro = page.getByRole('dialog', { name: 'New macro' })
  await macro.getByLabel('Text').fill('Half a text')
  await page.setViewportSize({ width: 1280, height: 420 })
  await expect(page.getByRole('toolbar', { name: 'Actions' }).first()).toBeAttached()
  await expect(page.getByRole('dialog', { name: 'Write' })).toHaveCount(0)
})

test('whoever writes while the window becomes low goes on writing', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 1280, height: 800 } })
  const id = await makeTicket(page, 'A keyboard comes up')
  await openTicket(page, id)
  await page.keyboard.press('r')
  await expect(editor(page, 'Reply')).toBeFocused()
  await page.keyboard.type('First half')
  await page.setViewportSize({ width: 1280, height: 420 })
  await expect(page.getByRole('dialog', { name: 'Write' })).toBeVisible()
  await expect(editor(page, 'Reply')).toBeFocused()
  await page.keyboard.type(', second half')
  await expect(editor(page, 'Reply')).toHaveText('First half, second half')
  await page.setViewportSize({ width: 1280, height: 800 })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(editor(page, 'Reply')).toHaveText('First half, second half')
})
