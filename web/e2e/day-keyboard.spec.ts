import { expect } from '@playwright/test'
import {
  comeIn,
  evening,
  expectAnswered,
  expectStatuses,
  expectTriaged,
  FILE,
  jobs,
  LIMITS,
  morning,
  NOTE,
  noon,
  noted,
  PERSON,
  report,
  rows,
  said,
  TICKETS,
} from './day'
import type { Count } from './hands'
import { editor } from './support'
import { test } from './test'

test('a day by keyboard alone', async ({ browser }) => {
  test.setTimeout(300_000)
  const day = await morning()
  const { page, hands } = await comeIn(browser)
  await expect(page.getByRole('textbox', { name: 'E-mail' })).toBeFocused()
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
        await hands.find(day.tag)
        // Nobody presses Enter before they see what it takes.
        await expect(page.getByRole('option', { name: day.tag, exact: true })).toBeVisible()
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
