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

test('a day by thumb alone', async ({ browser }) => {
  test.setTimeout(300_000)
  const day = await morning()
  const { page, hands } = await comeIn(browser, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  await hands.tap(page.getByRole('textbox', { name: 'E-mail' }))
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
        await hands.tap(sheet.getByRole('button', { name: day.tag, exact: true }))
        await hands.tap(sheet.getByRole('button', { name: 'Close' }))
        await hands.tap(page.getByRole('button', { name: /^Skip(?! to)/ }))
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
