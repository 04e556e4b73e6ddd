import { expect } from '@playwright/test'
import { listOf, panel, row, ticket } from './queue-list'
import { expectClean, makeTicket, signIn } from './support'
import { test } from './test'

test('a change of many tells its progress, names what was refused and why, and is undone', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { word, ids } = await listOf(page, 3)
  await page.goto(`/?q=${word}&sort=id&category=all`)
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  await page.keyboard.press('A')
  const bar = page.getByRole('toolbar', { name: 'Selected tickets' })
  await expect(bar).toContainText('All 3 selected')
  await bar.getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect(panel(page)).toContainText('Set the priority of 3 tickets to Urgent')
  await expect(panel(page)).toContainText('3 changed')
  await expectClean(page)
  await panel(page).getByRole('button', { name: 'Undo 3' }).click()
  await expect(panel(page)).toContainText('3 restored')
  expect((await ticket(page, ids[0])).priority).toBe('normal')
})

test('Ctrl+Z undoes a change of many in its turn, wherever one is by then', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { word, ids } = await listOf(page, 3)
  await page.goto(`/?q=${word}&sort=id&category=all`)
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  await page.keyboard.press('A')
  await page.getByRole('toolbar', { name: 'Selected tickets' }).getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect(panel(page)).toContainText('3 changed')
  await panel(page).getByRole('button', { name: 'Close' }).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: `Ticket ${ids[0]}` })).toBeVisible()
  await page.keyboard.press('e')
  await expect.poll(async () => (await ticket(page, ids[0])).status_category).toBe('solved')

  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await ticket(page, ids[0])).status_category).not.toBe('solved')
  expect((await ticket(page, ids[1])).priority, 'the job came before').toBe('urgent')
  await page.keyboard.press('Control+z')
  for (const id of ids) await expect.poll(async () => (await ticket(page, id)).priority).toBe('normal')
  await expect(page.getByText('Undone: Set the priority of 3 tickets to Urgent')).toBeVisible()
})

test('a refused ticket is named with its reason, and the panel is there again after a reload', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { word, ids } = await listOf(page, 2)
  // A merged ticket is closed for good.
  const merged = await makeTicket(page, `${word} merged`)
  await page.request.post(`/api/tickets/${merged}/merge`, {
    headers: { 'x-requested-with': 'autocrm' },
    data: { into: ids[0] },
  })
  await page.goto(`/?q=${word}&sort=id&category=all`)
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  await page.getByRole('checkbox', { name: 'Select all loaded tickets' }).click()
  await page.getByRole('toolbar', { name: 'Selected tickets' }).getByRole('button', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Open' }).click()
  await expect(panel(page)).toContainText('1 could not be changed')
  await panel(page).getByRole('button', { name: 'Show the 1' }).click()
  await expect(
    panel(page)
      .getByRole('listitem')
      .filter({ hasText: `#${merged}` }),
  ).toContainText('stays closed')
  await expect(row(page, merged)).toContainText('stays closed')
  await expect(panel(page).getByRole('button', { name: 'Try 1 again' })).toBeVisible()
  await expectClean(page)
  await page.reload()
  await expect(panel(page)).toContainText('1 could not be changed')
  await panel(page).getByRole('button', { name: 'Close' }).click()
  await expect(panel(page)).toHaveCount(0)
  await page.reload()
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  await expect(panel(page)).toHaveCount(0)
})

test('a macro that writes to customers is read and confirmed first, for one and for many', async ({ browser }) => {
  const admin = await signIn(browser, 'admin@demo.test')
  const name = `Writes${Date.now()}`
  const made = await admin.request.post('/api/macros', {
    headers: { 'x-requested-with': 'autocrm' },
    data: { name, scope: 'shared', message_kind: 'reply', body_text: 'Dear {{requester.first_name}}, done.' },
  })
  expect(made.status(), await made.text()).toBe(201)
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 2)
  const sent = async () =>
    (
      await Promise.all(
        ids.map(async (id) => (await (await page.request.get(`/api/tickets/${id}/messages`)).json()).items),
      )
    )
      .flat()
      .filter(({ body_text }: { body_text: string }) => body_text.includes('done')).length
  const dialog = page.getByRole('dialog')
  const choose = async () => {
    await page.keyboard.press('m')
    await expect(dialog.getByRole('combobox')).toBeFocused()
    await page.keyboard.type(name)
    await expect(page.getByRole('option').first()).toContainText(name)
    await page.keyboard.press('Enter')
  }
  await choose()
  await expect(dialog).toContainText(`“${name}” sends a reply to the customer`)
  await expect(dialog).toContainText('Dear Naomi, done.')
  await expectClean(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  expect(await sent()).toBe(0)

  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await choose()
  await expect(dialog).toContainText(`“${name}” sends a reply to 2 customers`)
  await expect(dialog).toContainText('cannot be taken back')
  await expect(dialog.getByRole('button', { name: 'Apply and send 2 replies' })).toBeEnabled()
  await dialog.getByRole('button', { name: 'Apply and send 2 replies' }).click()
  await expect(panel(page)).toContainText('replies that were sent stay sent')
  await expect.poll(sent).toBe(2)
})

test('tags and fields of several tickets: what they have is told, and one act sets them', async ({ browser }) => {
  const mark = `Many${Date.now()}`
  const page = await signIn(browser, 'maya@demo.test')
  const ids = [
    await makeTicket(page, `${mark} one`, { team_id: 1, tags: ['both', 'single'] }),
    await makeTicket(page, `${mark} two`, { team_id: 1, tags: ['both'] }),
  ]
  await page.goto(`/?q=${mark}`)
  await expect(page.locator('[data-ticket]')).toHaveCount(2)
  await page.keyboard.press('A')
  await page.getByRole('button', { name: 'Add tags' }).click()
  const tags = page.getByRole('dialog', { name: 'Add tags: 2 tickets' })
  await expect(tags.getByRole('option', { name: 'both on all 2' })).toBeVisible()
  await expect(tags.getByRole('option', { name: 'single on 1 of 2' })).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Set a field…' }).click()
  await page.keyboard.type('order')
  await page.keyboard.press('Enter')
  const field = page.getByRole('dialog', { name: 'Set a field: 2 tickets' })
  await expect(field.getByLabel('Order number')).toBeFocused()
  await expectClean(page)
  await page.keyboard.type('12345')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Set Order number of 2 tickets')).toBeVisible()
  for (const id of ids)
    await expect
      .poll(async () => (await (await page.request.get(`/api/tickets/${id}`)).json()).custom.order_number)
      .toBe('12345')
})
