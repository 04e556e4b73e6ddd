import { expect } from '@playwright/test'
import { colleague, expectClean, makeTicket, openTicket, signIn, withForm } from './support'
import { test } from './test'

test('a new ticket finds its customer by name, and takes team, priority, tags and files', async ({ browser }) => {
  const mark = `Made${Date.now()}`
  const [kind, part] = [`${mark}_kind`.toLowerCase(), `${mark}_part`.toLowerCase()]
  await withForm(
    [
      { key: kind, label: `${mark} kind`, type: 'dropdown', config: { options: ['none', 'hardware'] } },
      {
        key: part,
        label: `${mark} part`,
        type: 'text',
        visible_when: { field: kind, in: ['hardware'] },
      },
    ],
    [],
    async () => {
      const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 1280, height: 720 } })
      await page.keyboard.press('c')
      const dialog = page.getByRole('dialog', { name: 'New ticket' })
      // In sight without scrolling.
      await expect(dialog.getByRole('button', { name: 'Create ticket' })).toBeInViewport()
      const email = dialog.getByLabel("Customer's e-mail")
      const found = page.waitForResponse(
        (answer) => answer.url().includes('/api/users?') && answer.url().includes('Naomi'),
      )
      await email.fill('Naomi By')
      await found
      await expect(dialog.locator('datalist option[value="naomi.byrne@halcyon.example"]')).toHaveCount(1)
      // As the browser does when somebody chooses from the list.
      await email.fill('naomi.byrne@halcyon.example')
      await expect(dialog.getByLabel("Customer's name")).toHaveValue('Naomi Byrne')
      await dialog.getByLabel('Subject').fill(mark)
      await dialog.getByLabel('What is it about?').fill('It does not turn on.')
      await dialog.getByLabel('Team').selectOption({ label: 'Billing' })
      await dialog.getByLabel('Assignee').selectOption({ label: 'Maya Okafor' })
      await dialog.getByLabel('Priority').selectOption({ label: 'High' })
      await dialog.getByLabel('Tags').fill('made-here, other')
      await dialog
        .locator('input[type=file]')
        .setInputFiles({ name: 'photo.txt', mimeType: 'text/plain', buffer: Buffer.from('what it looks like') })
      await expect(dialog.getByRole('list', { name: 'Attached files' })).toContainText('photo.txt')
      // What a condition hides is not asked for.
      await expect(dialog.getByLabel(`${mark} part`)).toHaveCount(0)
      await dialog.getByLabel(`${mark} kind`).selectOption('hardware')
      await dialog.getByLabel(`${mark} part`).fill('The fan')
      await expectClean(page)
      await dialog.getByRole('button', { name: 'Create ticket' }).click()
      await expect(page).toHaveURL(/\/tickets\/\d+$/)
      const ticket = await (await page.request.get(`/api${new URL(page.url()).pathname}`)).json()
      expect(ticket).toMatchObject({
        subject: mark,
        team: { name: 'Billing' },
        assignee: { name: 'Maya Okafor' },
        priority: 'high',
        requester: { name: 'Naomi Byrne' },
        custom: { [kind]: 'hardware', [part]: 'The fan' },
      })
      expect(ticket.tags).toEqual(expect.arrayContaining(['made-here', 'other']))
      await expect(page.getByText('photo.txt')).toBeVisible()
    },
  )
})

test('on a phone the inbox makes a ticket', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 390, height: 844 }, hasTouch: true })
  await page.getByRole('button', { name: 'New ticket' }).click()
  const dialog = page.getByRole('dialog', { name: 'New ticket' })
  await expect(dialog.getByRole('button', { name: 'Create ticket' })).toBeInViewport()
  await expectClean(page)
})

test('a filter that is not understood is named, and dropped by one button', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/?assignee=any&priority=high')
  await expect(page.getByRole('alert')).toContainText('The filter Assignee does not understand “any”.')
  await expect(page.getByText('nothing was saved')).toHaveCount(0)
  await expect(page.getByText('#any')).toHaveCount(0)
  await expectClean(page)
  await page.getByRole('button', { name: 'Remove this filter' }).click()
  await expect(page).toHaveURL('/?priority=high')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('an administrator restores a deleted ticket where its address leads', async ({ browser }) => {
  const page = await signIn(browser, 'admin@demo.test')
  const id = await makeTicket(page, 'Deleted by mistake')
  const admin = await colleague('admin@demo.test')
  expect((await admin.request.delete(`/api/tickets/${id}`)).ok()).toBe(true)
  await page.goto(`/tickets/${id}`)
  await expect(page.getByRole('heading', { name: `Ticket #${id} is in the trash` })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Open the trash' })).toBeVisible()
  await expectClean(page)
  await page.getByRole('button', { name: 'Restore ticket' }).click()
  await expect(page.getByRole('region', { name: `Ticket ${id}` })).toBeVisible()
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

test('in German, what every desk begins with is German: statuses, priorities, keys', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Auf Deutsch', { team_id: 1 })
  await page.evaluate(() => {
    localStorage.setItem('language', 'de')
    // Not what the account says: only this browser is asked.
    sessionStorage.setItem('language-tried', 'en')
  })
  await openTicket(page, id)
  await expect(page.getByRole('button', { name: 'Status: Neu' })).toBeVisible()
  await page.keyboard.press('p')
  await expect(page.getByRole('option', { name: 'Dringend' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog')
  await expect(keys).toContainText('Strg')
  await expect(keys).not.toContainText('Ctrl')
  await page.goto('/')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await page.keyboard.press('?')
  await expect(keys).toContainText('Bild ab')
  await expect(keys).not.toContainText(/PageDown|Home|Space/)
})

test('where there is no macro yet, one is made', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Without a macro', { team_id: 1 })
  await page.route('**/api/macros?*', (route) => route.fulfill({ json: { items: [], next: null } }))
  await openTicket(page, id)
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'New macro' }).click()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await expectClean(page)
  const name = `Thanks ${Date.now()}`
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Text').fill('Thank you, {{requester.first_name}}.')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByText(`Created the macro “${name}”`)).toBeVisible()
  await page.unroute('**/api/macros?*')
  const { items } = await (await page.request.get('/api/macros?limit=200')).json()
  const made = items.find((each: { name: string }) => each.name === name)
  expect(made).toMatchObject({ scope: 'private', message_kind: 'reply' })
  await page.request.delete(`/api/macros/${made.id}`, { headers: { 'x-requested-with': 'autocrm' } })
})
