import { expect } from '@playwright/test'
import { makeTicket, misdrawn, openTicket, signIn, WELL_DRAWN } from './support'
import { test } from './test'

test('on a screen of 3840 pixels the list uses the width, and texts stay as narrow as they are read well', async ({
  browser,
}, info) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 3840, height: 2160 } })
  await page.screenshot({ path: info.outputPath('queue.png') })
  expect(await misdrawn(page)).toEqual(WELL_DRAWN)
  const list = await page.getByRole('grid', { name: 'Tickets' }).boundingBox()
  expect(list?.width).toBeGreaterThan(3500)
  // What is beside the subject shares the width: nothing is cut there while the subject has room for thrice its text.
  for (const name of ['Tags', 'Requester'])
    expect((await page.getByRole('columnheader', { name }).boundingBox())?.width, name).toBeGreaterThan(400)
  // As many rows as there is room for.
  expect(await page.locator('[data-ticket]').count()).toBeGreaterThan(45)
  const id = await makeTicket(page, 'Read on a wall', { description: 'A long line of plain words. '.repeat(60) })
  await openTicket(page, id)
  await expect(page.getByRole('article').first()).toBeVisible()
  await page.screenshot({ path: info.outputPath('ticket.png') })
  expect(await misdrawn(page)).toEqual(WELL_DRAWN)
  expect((await page.getByRole('article').first().boundingBox())?.width).toBeLessThanOrEqual(740)
  for (const path of ['/customers', '/search?q=invoice', '/settings/profile']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await misdrawn(page), path).toEqual(WELL_DRAWN)
  }
})

test('where the system’s colours rule, what a tint tells is told by a line', async ({ browser }, info) => {
  const page = await signIn(browser, 'maya@demo.test', { forcedColors: 'active' })
  const outlineOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each)
        return outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth)
      })
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  // The row under the cursor, the one that is selected, the view that is open.
  await page.keyboard.press('j')
  expect(await outlineOf('[data-current]')).toBeGreaterThanOrEqual(2)
  expect(await outlineOf('[data-ticket][aria-selected=true]')).toBeGreaterThanOrEqual(2)
  expect(await outlineOf('nav [aria-current=page]')).toBeGreaterThanOrEqual(2)
  await expect(page.locator('[data-ticket]').first().getByRole('img').first()).toBeVisible()
  await page.screenshot({ path: info.outputPath('queue.png') })
  // The main act is read on its own ground.
  const play = page.getByRole('button', { name: 'Play queue' })
  expect(await play.evaluate((each) => getComputedStyle(each).getPropertyValue('forced-color-adjust'))).toBe('none')
  // Pictures are drawn in the colours of the text.
  const [ink, text] = await page.locator('main').evaluate((main) => {
    const probe = document.createElement('span')
    probe.style.color = 'var(--ink)'
    main.append(probe)
    const colors = [getComputedStyle(probe).color, getComputedStyle(main).color]
    probe.remove()
    return colors
  })
  expect(ink).toBe(text)
  await page.getByRole('button', { name: 'Display' }).click()
  const chosen = page.getByRole('dialog', { name: 'Display' }).getByRole('radio', { checked: true })
  expect(await chosen.evaluate((each) => getComputedStyle(each.closest('label') ?? each).outlineStyle)).toBe('solid')
  await page.keyboard.press('Escape')
  await page.goto('/customers')
  await expect(page.locator('a[data-row]').first()).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.locator('a[data-row]').first()).toBeFocused()
  expect(
    await page
      .locator('a[data-row]')
      .first()
      .evaluate((each) => getComputedStyle(each, '::after').outlineStyle),
  ).toBe('solid')
  await openTicket(page, await makeTicket(page, 'In the colours of the system'))
  await expect(page.getByRole('article').first()).toBeVisible()
  await page.screenshot({ path: info.outputPath('ticket.png') })
})
