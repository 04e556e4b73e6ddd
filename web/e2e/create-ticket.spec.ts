import { expect } from '@playwright/test'
import { colleague, expectClean, signIn, withForm } from './support'
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
      const email = dialog.getByLabel("Requester's e-mail")
      const found = page.waitForResponse(
        (answer) => answer.url().includes('/api/users?') && answer.url().includes('Naomi'),
      )
      await email.fill('Naomi By')
      await found
      await expect(page.getByRole('option', { name: /Naomi Byrne/ })).toBeVisible()
      await expectClean(page)
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('Enter')
      await expect(email).toHaveValue('naomi.byrne@halcyon.example')
      await expect(dialog.getByLabel("Requester's name")).toHaveValue('Naomi Byrne')
      await expect(page.getByRole('listbox', { name: "Requester's e-mail" })).toHaveCount(0)
      await dialog.getByLabel('Subject').fill(mark)
      await dialog.getByLabel('What is it about?').fill('It does not turn on.')
      await dialog.getByLabel('Team').selectOption({ label: 'Billing' })
      await dialog.getByLabel('Assignee').selectOption({ label: 'Maya Okafor' })
      await dialog.getByLabel('Priority').selectOption({ label: 'High' })
      await dialog.getByLabel('Type').selectOption({ label: 'Incident' })
      await dialog.getByLabel('Language').selectOption('fr')
      await dialog.getByLabel('Tags').focus()
      await page.keyboard.press('Enter')
      await page.keyboard.type('logi')
      await expect(page.getByRole('option', { name: 'login' })).toBeVisible()
      await page.keyboard.press('Enter')
      await page.keyboard.type('made here')
      await expect(page.getByRole('option', { name: 'Create “made-here”' })).toBeVisible()
      await page.keyboard.press('Enter')
      await page.keyboard.press('Escape')
      await expect(dialog.getByRole('button', { name: 'Remove the tag made-here' })).toBeVisible()
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
        type: 'incident',
        language: 'fr',
        requester: { name: 'Naomi Byrne' },
        custom: { [kind]: 'hardware', [part]: 'The fan' },
      })
      expect(ticket.tags).toEqual(expect.arrayContaining(['made-here', 'login']))
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

test('a form is chosen where there are several: it asks for its own fields, and keeps what was typed', async ({
  browser,
}) => {
  const mark = `Kept${Date.now()}`
  const key = (name: string) => `${mark}_${name}`.toLowerCase()
  const [kind, part, serial, note] = [key('kind'), key('part'), key('serial'), key('note')]
  const fields = [
    { key: kind, label: `${mark} kind`, type: 'dropdown', config: { options: ['none', 'hardware'] } },
    { key: part, label: `${mark} part`, type: 'text' },
    { key: serial, label: `${mark} serial`, type: 'text' },
    { key: note, label: `${mark} note`, type: 'text' },
  ]
  const repair = [
    { field: serial, required: 'create' },
    { field: kind },
    { field: part, visible_when: { field: kind, in: ['hardware'] } },
  ]
  await withForm(fields, repair, (repairForm) =>
    withForm([], [{ field: note }], async (noteForm) => {
      const page = await signIn(browser, 'maya@demo.test')
      const dialog = page.getByRole('dialog', { name: 'New ticket' })
      const form = dialog.getByLabel('Form', { exact: true })
      const labelled = (label: string) => dialog.getByLabel(`${mark} ${label}`)
      await page.keyboard.press('c')
      await form.selectOption(String(repairForm))
      await expect(dialog.getByRole('textbox', { name: `${mark} serial required` })).toBeVisible()
      await expect(labelled('note')).toHaveCount(0)
      await expect(labelled('part')).toHaveCount(0)
      await labelled('kind').selectOption('hardware')
      await labelled('part').fill('The fan')
      await labelled('serial').fill('4711')
      await expectClean(page)

      await form.selectOption(String(noteForm))
      await expect(labelled('serial')).toHaveCount(0)
      await labelled('note').fill('Not for a repair')
      await form.selectOption(String(repairForm))
      await expect(labelled('serial')).toHaveValue('4711')
      await expect(labelled('part')).toHaveValue('The fan')
      await page.keyboard.press('Escape')
      await expect(dialog).toHaveCount(0)
      await page.keyboard.press('c')
      await expect(form).toHaveValue(String(repairForm))
      await expect(labelled('part')).toHaveValue('The fan')

      await dialog.getByLabel("Requester's e-mail").fill('naomi.byrne@halcyon.example')
      await dialog.getByLabel('Subject').fill(mark)
      await dialog.getByLabel('What is it about?').fill('It hums.')
      await labelled('serial').fill('')
      await dialog.getByRole('button', { name: 'Create ticket' }).click()
      await expect(labelled('serial')).toBeFocused()
      await expect(labelled('serial')).toHaveAccessibleDescription(/is required/)
      await labelled('serial').fill('4712')
      await page.keyboard.press('Control+Enter')
      await expect(page).toHaveURL(/\/tickets\/\d+$/)
      const ticket = await (await page.request.get(`/api${new URL(page.url()).pathname}`)).json()
      expect(ticket.form.id).toBe(repairForm)
      expect(ticket.custom).toMatchObject({ [serial]: '4712', [kind]: 'hardware', [part]: 'The fan' })
      expect(ticket.custom).not.toHaveProperty(note)
    }),
  )
})

test('forms of other teams, or for customers alone, are not offered', async ({ browser }) => {
  const admin = await colleague('admin@demo.test')
  const { items } = await (await admin.request.get('/api/teams?limit=200')).json()
  const maya = await signIn(browser, 'maya@demo.test')
  const { team_ids } = await (await maya.request.get('/api/me')).json()
  const foreign = items.find(({ id }: { id: number }) => !team_ids.includes(id))
  await withForm([], [], (hers) =>
    withForm([], [], async (theirs) => {
      const reply = await admin.request.patch(`/api/ticket-forms/${theirs}`, { data: { team_ids: [foreign.id] } })
      expect(reply.ok(), await reply.text()).toBe(true)
      await maya.reload()
      await expect(maya.locator('[data-ticket]').first()).toBeVisible()
      await maya.keyboard.press('c')
      const form = maya.getByRole('dialog', { name: 'New ticket' }).getByLabel('Form', { exact: true })
      await expect(form.locator(`option[value="${hers}"]`)).toHaveCount(1)
      await expect(form.locator(`option[value="${theirs}"]`)).toHaveCount(0)
    }),
  )
})
