/**
 * Whole days at the desk, by keyboard alone, by mouse alone and by thumb alone: ten tickets are triaged, one is answered
 * with a macro, a file and a mention, two are merged, all are changed at once, acts are undone, and all are solved. A
 * full triage sets assignee, priority, team and tag of one ticket, and going to the next is part of it.
 */
import { type Browser, expect } from '@playwright/test'
import {
  evening,
  expectAnswered,
  expectStatuses,
  expectTriaged,
  FILE,
  jobs,
  morning,
  NOTE,
  noon,
  noted,
  PERSON,
  report,
  row,
  rows,
  said,
  TICKETS,
} from './day'
import { type Count, Hands } from './hands'
import { editor } from './support'
import { test } from './test'

const LIMITS = { keys: 40, clicks: 8, taps: 8 }

async function comeIn(browser: Browser, options = {}) {
  const page = await (await browser.newContext(options)).newPage()
  // A step that cannot be made is told at once.
  page.setDefaultTimeout(20_000)
  const hands = await Hands.on(page)
  await page.goto('/')
  return { page, hands }
}

test('by keyboard alone', async ({ browser }) => {
  test.setTimeout(300_000)
  const day = await morning()
  const { page, hands } = await comeIn(browser)
  await expect(page.getByLabel('E-mail')).toBeFocused()
  await hands.write(PERSON.email)
  await hands.press('Tab')
  await hands.write(PERSON.password)
  await hands.press('Enter')
  await expect(rows(page).first()).toBeVisible()

  await hands.press('/')
  await hands.find(day.word)
  await hands.press('Enter')
  await expect(rows(page)).toHaveCount(TICKETS)
  const order = await rows(page).evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-ticket'))))
  const triages: Count[] = []
  for (const id of order) {
    await expect(page.locator('[data-current]')).toHaveAttribute('data-ticket', String(id))
    triages.push(
      await hands.during(async () => {
        await hands.press('i')
        await hands.press('p')
        await hands.find('ur')
        await hands.press('Enter')
        await hands.press('t')
        await hands.find('pa')
        await hands.press('Enter')
        await hands.press('l')
        await hands.find('refund')
        // Nobody presses Enter before they see what it takes.
        await expect(page.getByRole('option', { name: 'refund', exact: true })).toBeVisible()
        await hands.press('Enter')
        await hands.press('j')
      }),
    )
  }
  await expectTriaged(day)
  for (const { keys } of triages) expect(keys).toBeLessThanOrEqual(LIMITS.keys)

  // The first of the day is the last of the list.
  await hands.press('End', 'Enter')
  await expect(page.getByRole('region', { name: `Ticket ${day.ids[0]}` })).toBeVisible()
  await hands.press('m')
  await hands.find(day.macro)
  await expect(page.getByRole('option', { name: day.macro })).toHaveAttribute('aria-selected', 'true')
  await hands.press('Enter')
  await expect(editor(page, 'Reply')).toContainText('Your money is on its way.')
  const chooser = page.waitForEvent('filechooser')
  await hands.press('Escape', 'Control+k')
  await hands.find('attach')
  await hands.press('Enter')
  // What is done in the window of the system is not counted.
  await (await chooser).setFiles(FILE)
  await expect(editor(page, 'Reply')).toBeFocused()
  await hands.press('Control+Enter')
  await expect(said(page)).toContainText('Your money is on its way.')
  await hands.press('Escape', 'n')
  await hands.find('@priya')
  await expect(page.getByRole('option', { name: 'Priya Raman' })).toBeVisible()
  await hands.press('Enter')
  await hands.write(NOTE)
  await hands.press('Control+Enter')
  await expect(noted(page)).toContainText(NOTE)
  await hands.press('Escape', 'Escape')
  await expect(rows(page)).toHaveCount(TICKETS)
  await expectAnswered(day)

  await hands.press('Home', 'x', 'j', 'x', 'Shift+M')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: /^Merge 1/ })).toBeEnabled()
  await hands.press('Control+Enter')
  await expect(dialog).toHaveCount(0)
  await expect(rows(page)).toHaveCount(TICKETS - 1)

  await hands.press('Shift+A', 'p')
  await hands.find('low')
  await hands.press('Enter')
  await expect(jobs(page)).toContainText(`${TICKETS - 1} changed`)
  await hands.press('Home', 'e')
  await expect(rows(page)).toHaveCount(TICKETS - 2)
  // The newest act first, then the one before it.
  await hands.press('Control+z')
  await expect(rows(page)).toHaveCount(TICKETS - 1)
  await expectStatuses(day, noon)
  await hands.press('Control+z')
  await expect(jobs(page)).toContainText(/\d+ restored/)

  await hands.press('Shift+A', 'e')
  await expect(page.getByText('Nothing here.')).toBeVisible()
  await expectStatuses(day, evening)
  await hands.expectOnly('keyboard')
  report('Keyboard', triages, hands)
})

test('by mouse alone', async ({ browser }) => {
  test.setTimeout(300_000)
  const day = await morning()
  const { page, hands } = await comeIn(browser)
  await hands.click(page.getByLabel('E-mail'))
  await hands.write(PERSON.email)
  await hands.click(page.getByLabel('Password'))
  await hands.write(PERSON.password)
  await hands.click(page.getByRole('button', { name: 'Log in' }))
  await hands.click(page.getByRole('textbox', { name: 'Filter by subject' }))
  await hands.write(day.word)
  await expect(rows(page)).toHaveCount(TICKETS)
  const order = await rows(page).evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-ticket'))))

  const triages: Count[] = []
  await hands.click(page.getByRole('button', { name: 'Play queue' }))
  for (const id of order) {
    const ticket = page.getByRole('region', { name: `Ticket ${id}` })
    const details = page.getByRole('complementary', { name: 'About this ticket' })
    await expect(ticket).toBeVisible()
    triages.push(
      await hands.during(async () => {
        await hands.click(ticket.getByRole('button', { name: 'Take it' }))
        await hands.click(ticket.getByRole('button', { name: /^Priority: / }))
        await hands.click(page.getByRole('option', { name: 'Urgent' }))
        await hands.click(details.getByRole('button', { name: /^Team: / }))
        await hands.click(page.getByRole('option', { name: 'Payments' }))
        await hands.click(details.getByRole('combobox', { name: 'Add a tag' }))
        await hands.click(page.getByRole('option', { name: 'refund', exact: true }))
        await hands.click(page.getByRole('button', { name: 'Skip' }))
      }),
    )
  }
  await expect(rows(page)).toHaveCount(TICKETS)
  await expectTriaged(day)
  for (const { clicks } of triages) expect(clicks).toBeLessThanOrEqual(LIMITS.clicks)

  await hands.click(row(page, day.ids[0]).getByRole('link'))
  await hands.click(page.getByRole('button', { name: 'Apply a macro' }))
  await hands.click(page.getByRole('option', { name: day.macro }))
  await expect(editor(page, 'Reply')).toContainText('Your money is on its way.')
  const chooser = page.waitForEvent('filechooser')
  await hands.click(page.getByRole('button', { name: 'Attach files' }))
  await (await chooser).setFiles(FILE)
  await hands.click(page.getByRole('button', { name: 'Send as Pending' }))
  await expect(said(page)).toContainText('Your money is on its way.')
  await hands.click(page.getByRole('tab', { name: 'Internal note' }))
  await hands.click(page.getByRole('button', { name: 'Mention someone' }))
  await hands.click(page.getByRole('option', { name: 'Priya Raman' }))
  await hands.write(NOTE)
  await hands.click(page.getByRole('button', { name: 'Add note' }))
  await expect(noted(page)).toContainText(NOTE)
  await hands.click(page.getByRole('button', { name: 'Back to the queue' }))
  await expect(rows(page)).toHaveCount(TICKETS)
  await expectAnswered(day)

  const bar = page.getByRole('toolbar', { name: 'Selected tickets' })
  for (const id of day.ids.slice(-2)) await hands.click(row(page, id).getByRole('checkbox'))
  await hands.click(bar.getByRole('button', { name: 'Merge' }))
  await hands.click(page.getByRole('dialog').getByRole('button', { name: /^Merge 1/ }))
  await expect(rows(page)).toHaveCount(TICKETS - 1)

  const all = page.getByRole('checkbox', { name: 'Select all loaded tickets' })
  await hands.click(all)
  await hands.click(bar.getByRole('button', { name: 'Priority' }))
  await hands.click(page.getByRole('option', { name: 'Low' }))
  await hands.click(jobs(page).getByRole('button', { name: `Undo ${TICKETS - 1}` }))
  await expect(jobs(page)).toContainText(`${TICKETS - 1} restored`)
  await hands.click(row(page, day.ids[1]).getByRole('link'), { button: 'right' })
  await hands.click(page.getByRole('dialog').getByRole('button', { name: 'Solve' }))
  await expect(row(page, day.ids[1])).toHaveCount(0)
  await hands.click(page.locator('[data-sonner-toast]').getByRole('button', { name: /^Undo/ }).first())
  await expect(row(page, day.ids[1])).toBeVisible()

  await hands.click(all)
  await hands.click(bar.getByRole('button', { name: 'Status' }))
  await hands.click(page.getByRole('option', { name: 'Solved' }))
  await expect(page.getByText('Nothing here.')).toBeVisible()
  await expectStatuses(day, evening)
  await hands.expectOnly('mouse')
  report('Mouse', triages, hands)
})

test('by thumb alone', async ({ browser }) => {
  test.setTimeout(300_000)
  const day = await morning()
  const { page, hands } = await comeIn(browser, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  await hands.tap(page.getByLabel('E-mail'))
  await hands.write(PERSON.email)
  await hands.tap(page.getByLabel('Password'))
  await hands.write(PERSON.password)
  await hands.tap(page.getByRole('button', { name: 'Log in' }))
  await hands.tap(page.getByRole('textbox', { name: 'Filter by subject' }))
  await hands.write(day.word)
  await expect(rows(page)).toHaveCount(TICKETS)
  const order = await rows(page).evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-ticket'))))

  const triages: Count[] = []
  const acts = page.getByRole('toolbar', { name: 'Actions' })
  await hands.tap(page.getByRole('button', { name: 'Play the queue' }))
  for (const id of order) {
    await expect(page.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
    const sheet = page.getByRole('dialog', { name: `Triage ticket ${id}` })
    triages.push(
      await hands.during(async () => {
        await hands.tap(acts.getByRole('button', { name: 'Triage' }))
        await hands.tap(sheet.getByRole('radio', { name: 'Urgent' }))
        await hands.tap(sheet.getByRole('button', { name: 'Me', exact: true }))
        await hands.tap(sheet.getByRole('button', { name: 'Payments', exact: true }))
        await hands.tap(sheet.getByRole('button', { name: 'refund', exact: true }))
        await hands.tap(sheet.getByRole('button', { name: 'Close' }))
        await hands.tap(page.getByRole('button', { name: 'Skip' }))
      }),
    )
  }
  await expect(rows(page)).toHaveCount(TICKETS)
  await expectTriaged(day)
  for (const { taps } of triages) expect(taps).toBeLessThanOrEqual(LIMITS.taps)

  await hands.tap(row(page, day.ids[0]).getByRole('link'))
  await hands.tap(acts.getByRole('button', { name: 'Macro' }))
  await hands.tap(page.getByRole('option', { name: day.macro }))
  await expect(editor(page, 'Reply')).toContainText('Your money is on its way.')
  const chooser = page.waitForEvent('filechooser')
  await hands.tap(page.getByRole('button', { name: 'Attach files' }))
  await (await chooser).setFiles(FILE)
  await hands.tap(page.getByRole('button', { name: 'Send as Pending' }))
  await expect(said(page)).toContainText('Your money is on its way.')
  await hands.tap(acts.getByRole('button', { name: 'Note' }))
  await hands.tap(page.getByRole('button', { name: 'Mention someone' }))
  await hands.tap(page.getByRole('option', { name: 'Priya Raman' }))
  await hands.write(NOTE)
  await hands.tap(page.getByRole('button', { name: 'Add note' }))
  await expect(noted(page)).toContainText(NOTE)
  await hands.tap(page.getByRole('button', { name: 'Back to the queue' }))
  await expect(rows(page)).toHaveCount(TICKETS)
  await expectAnswered(day)

  const bar = page.getByRole('toolbar', { name: 'Selected tickets' })
  const select = page.getByRole('button', { name: 'Select tickets' })
  await hands.tap(select)
  for (const id of day.ids.slice(-2)) await hands.tap(row(page, id).getByRole('link'))
  await hands.tap(bar.getByRole('button', { name: 'Merge' }))
  const dialog = page.getByRole('dialog')
  await hands.tap(dialog.getByRole('button', { name: 'Preview the merge' }))
  await hands.tap(dialog.getByRole('button', { name: /^Merge 1/ }))
  await expect(rows(page)).toHaveCount(TICKETS - 1)

  const selectAll = async () => {
    await hands.tap(select)
    await hands.tap(rows(page).first().getByRole('link'))
    await hands.tap(bar.getByRole('button', { name: /^Select all/ }))
  }
  await selectAll()
  await hands.tap(bar.getByRole('button', { name: 'Priority' }))
  await hands.tap(page.getByRole('option', { name: 'Low' }))
  await hands.tap(jobs(page).getByRole('button', { name: `Undo ${TICKETS - 1}` }))
  await expect(jobs(page)).toContainText(`${TICKETS - 1} restored`)
  await hands.tap(row(page, day.ids[1]).getByRole('link'))
  await hands.tap(acts.getByRole('button', { name: 'Solve' }))
  await hands.tap(page.locator('[data-sonner-toast]').getByRole('button', { name: /^Undo/ }).first())
  await expect(page.getByRole('button', { name: 'Status: Solved' })).toHaveCount(0)
  await hands.tap(page.getByRole('button', { name: 'Back to the queue' }))
  await expect(rows(page)).toHaveCount(TICKETS - 1)

  await selectAll()
  await hands.tap(bar.getByRole('button', { name: 'Status' }))
  await hands.tap(page.getByRole('option', { name: 'Solved' }))
  await expect(page.getByText('Nothing here.')).toBeVisible()
  await expectStatuses(day, evening)
  await hands.expectOnly('phone')
  report('Phone', triages, hands)
})
