import { expect, type Page } from '@playwright/test'
import { editor, expectClean, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

/** A macro of one's own. */
async function ownMacro(page: Page, name: string) {
  const made = await page.request.post('/api/macros', {
    headers,
    data: { name, scope: 'private', message_kind: 'reply', body_text: 'As it was first written.' },
  })
  expect(made.status(), await made.text()).toBe(201)
}

const found = async (page: Page, name: string): Promise<{ body_text: string } | undefined> =>
  (await (await page.request.get('/api/macros?limit=200')).json()).items.find(
    (each: { name: string }) => each.name === name,
  )

test('a macro of one’s own is changed from the list by F2, and put back by Ctrl+Z', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Own ${Date.now()}`
  await ownMacro(page, name)
  await openTicket(page, await makeTicket(page, 'For a macro of my own'))
  await page.keyboard.press('m')
  await expect(editor(page, 'Reply')).toHaveText('/')
  await page.keyboard.type(name)
  await expect(page.getByRole('option', { name })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByText('As it was first written.')).toBeVisible()
  await page.keyboard.press('F2')
  const dialog = page.getByRole('dialog', { name: 'Edit your macro' })
  await expect(dialog.getByLabel('Name')).toHaveValue(name)
  await expectClean(page)
  await dialog.getByLabel('Text').fill('As it is written now.')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await expect.poll(async () => (await found(page, name))?.body_text).toBe('As it is written now.')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(async () => (await found(page, name))?.body_text).toBe('As it was first written.')
})

test('a macro of one’s own is deleted, and comes back by undo', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Gone ${Date.now()}`
  await ownMacro(page, name)
  await openTicket(page, await makeTicket(page, 'For a macro that goes'))
  await page.keyboard.press('r')
  await page.keyboard.type(`/${name}`)
  await page.getByRole('button', { name: `Edit the macro ${name}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete macro' }).click()
  await expect(page.getByText(`Deleted the macro “${name}”`)).toBeVisible()
  await expect.poll(() => found(page, name)).toBeUndefined()
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(async () => (await found(page, name))?.body_text).toBe('As it was first written.')
})

test('on a phone a macro is made from the list too', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const name = `Thumb ${Date.now()}`
  await openTicket(page, await makeTicket(page, 'For a macro by thumb'))
  await page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Macro' }).tap()
  await page.getByRole('button', { name: 'New macro' }).tap()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Text').fill('Written by thumb.')
  await dialog.getByRole('button', { name: 'Create' }).tap()
  await expect(page.getByText(`Created the macro “${name}”`)).toBeVisible()
  await expect.poll(async () => (await found(page, name))?.body_text).toBe('Written by thumb.')
})

test('a macro of one’s own changes fields too: each by the control of its kind, by keyboard, seen before it is saved', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Typed ${Date.now()}`
  const id = await makeTicket(page, 'For a macro that changes', { team_id: 1, tags: ['old'] })
  await openTicket(page, id)
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'New macro' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  const changes = dialog.getByRole('group', { name: 'Also changes' })
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await page.keyboard.type(name)
  const add = async (what: string) => {
    await dialog.getByRole('button', { name: 'Add a change' }).press('Enter')
    await expect(page.getByRole('combobox', { name: 'Add a change' })).toBeFocused()
    await page.keyboard.type(what)
    await page.keyboard.press('Enter')
  }
  await add('Status')
  await expect(changes.getByLabel('Status', { exact: true })).toBeFocused()
  await expect(changes.getByLabel('Status', { exact: true })).toHaveValue('solved')
  await changes.getByLabel('Status', { exact: true }).selectOption({ label: 'On hold' })
  await add('Priority')
  await changes.getByLabel('Priority', { exact: true }).selectOption({ label: 'High' })
  await add('Team')
  await changes.getByLabel('Team', { exact: true }).selectOption({ label: 'Platform' })
  await add('Assignee')
  await changes.getByLabel('Assignee', { exact: true }).selectOption({ label: 'Jonas Lindqvist' })
  await add('Add tags')
  await expect(changes.getByRole('button', { name: 'Add tags', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Add tags' }).fill('by macro')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await add('Require a skill')
  await changes.getByLabel('Require a skill', { exact: true }).selectOption('german')
  await changes.getByLabel('Level', { exact: true }).selectOption('3')
  await add('Seats')
  await changes.getByLabel('Seats', { exact: true }).fill('-5')
  await add('Key account')
  await expect(changes.getByLabel('Key account', { exact: true })).toBeChecked()
  const tried = dialog.getByRole('region', { name: `On #${id} it would change` })
  for (const told of ['On hold', 'High', 'Platform', 'Jonas Lindqvist', '+ by-macro', 'german', 'Key account'])
    await expect(tried).toContainText(told)
  await expectClean(page)
  // Closed and opened again it is as it was.
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'New macro' }).first().click()
  await expect(changes.getByLabel('Seats', { exact: true })).toHaveValue('-5')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(changes.getByLabel('Seats', { exact: true })).toHaveAccessibleDescription(/^Seats .*below the minimum/)
  await changes.getByLabel('Seats', { exact: true }).fill('12')
  await page.keyboard.press('Control+Enter')
  await expect(dialog).toHaveCount(0)
  const { items } = await (await page.request.get('/api/macros?limit=200')).json()
  const saved = items.find((each: { name: string }) => each.name === name)
  expect(saved).toMatchObject({
    scope: 'private',
    message_kind: null,
    actions: [
      { set: 'status', value: 'on_hold' },
      { set: 'priority', value: 'high' },
      { set: 'team', value: 'Platform' },
      { assign: 'jonas@demo.test' },
      { add_tags: ['by-macro'] },
      { require_skill: 'german', level: 3 },
      { set: 'custom.seats', value: 12 },
      { set: 'custom.vip', value: true },
    ],
  })
})

test('what a macro of one’s own changes is changed, alone or with its text, and undone', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `Both ${Date.now()}`
  const actions = [{ set: 'priority', value: 'high' }, { add_tags: ['both'] }]
  const made = await page.request.post('/api/macros', {
    headers,
    data: { name, scope: 'private', message_kind: 'note', body_text: 'Said as well', actions },
  })
  expect(made.status(), await made.text()).toBe(201)
  const macro = (await made.json()).id
  const read = async () => (await page.request.get(`/api/macros/${macro}`)).json()
  await openTicket(page, await makeTicket(page, 'For a macro of both', { team_id: 1 }))
  await page.keyboard.press('m')
  await page.keyboard.type(name)
  await expect(page.getByRole('option', { name })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('F2')
  const dialog = page.getByRole('dialog', { name: 'Edit your macro' })
  const changes = dialog.getByRole('group', { name: 'Also changes' })
  await expect(changes.getByLabel('Priority', { exact: true })).toHaveValue('high')
  await changes.getByLabel('Priority', { exact: true }).selectOption({ label: 'Urgent' })
  await dialog.getByRole('button', { name: 'Remove the change: Add tags' }).click()
  await expect(dialog.getByRole('button', { name: 'Add a change' })).toBeFocused()
  await dialog.getByLabel('Text', { exact: true }).fill('')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await expect
    .poll(read)
    .toMatchObject({ actions: [{ set: 'priority', value: 'urgent' }], message_kind: null, body_text: null })
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(read).toMatchObject({ actions, message_kind: 'note', body_text: 'Said as well' })
})

test('a change that would empty an empty field is told as none', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Empty already', { team_id: 1 })
  await openTicket(page, id)
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'New macro' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  await dialog.getByRole('button', { name: 'Add a change' }).press('Enter')
  await page.getByRole('combobox', { name: 'Add a change' }).fill('App version')
  await page.keyboard.press('Enter')
  const tried = dialog.getByRole('region', { name: `On #${id} it would change` })
  await expect(tried).toHaveText(/Nothing changes$/)
})

test('a placeholder is chosen from a list and stands at the cursor; one that there is none of is told by its name', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await openTicket(page, await makeTicket(page, 'For a macro with placeholders'))
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'New macro' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New macro' })
  const text = dialog.getByLabel('Text', { exact: true })
  await text.fill('Dear ,')
  await text.press('End')
  await text.press('ArrowLeft')
  await dialog.getByRole('button', { name: 'Insert a placeholder' }).click()
  await expect(page.getByRole('combobox', { name: 'Insert a placeholder' })).toBeFocused()
  await expectClean(page)
  await page.keyboard.type('first name of the c')
  await page.keyboard.press('Enter')
  await expect(text).toHaveValue('Dear {{requester.first_name}},')
  await expect(text).toBeFocused()
  await page.keyboard.type(' and all')
  await expect(text).toHaveValue('Dear {{requester.first_name}} and all,')

  await dialog.getByLabel('Name', { exact: true }).fill(`Filled ${Date.now()}`)
  await text.fill('About {{ticket.subjct}}')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(text).toHaveAccessibleDescription(
    /There is no placeholder {{ticket\.subjct}}\. Did you mean {{ticket\.subject}}\?/,
  )
  await text.fill('About {{ticket.subject}}')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(dialog).toHaveCount(0)
})
