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
  noted,
  PERSON,
  report,
  row,
  rows,
  said,
  TICKETS,
} from './day'
import type { Count } from './hands'
import { editor } from './support'
import { test } from './test'

test('a day by mouse alone', async ({ browser }) => {
  test.setTimeout(300_000)
  const day = await morning()
  const { page, hands } = await comeIn(browser)
  await hands.click(page.getByRole('textbox', { name: 'E-mail' }))
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
        await hands.click(page.getByRole('option', { name: day.tag, exact: true }))
        await hands.click(page.getByRole('button', { name: /^Skip(?! to)/ }))
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
