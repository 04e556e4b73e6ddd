import { expect, type Page } from '@playwright/test'
import { changeTicket, colleague, expectClean, makeTicket, openTicket, signIn } from './support'
import { test } from './test'

const headers = { 'x-requested-with': 'autocrm' }

const conversation = (page: Page) => page.getByRole('region', { name: 'Conversation' })
const details = (page: Page) => page.getByRole('complementary', { name: 'About this ticket' })

const status = async (page: Page, id: number) =>
  (await (await page.request.get(`/api/tickets/${id}`)).json()).status_category

test('tickets that look alike are merged by keyboard, after one has seen what becomes of them', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const word = `Zebrafink${Date.now()}`
  const stays = await makeTicket(page, `${word} does not sing`)
  const closes = await makeTicket(page, `Re: ${word} does not sing`)
  await openTicket(page, stays)
  await expect(conversation(page).getByText(`About: ${word} does not sing`)).toBeVisible()
  await page.keyboard.press('Shift+M')
  const dialog = page.getByRole('dialog', { name: `Merge into #${stays}` })
  await expect(dialog.getByRole('searchbox')).toBeFocused()
  const other = dialog.getByRole('checkbox', { name: `#${closes}` })
  await expect(other).toBeVisible()
  await expect(dialog.getByText('same person').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(other).toBeFocused()
  await page.keyboard.press('x')
  await expect(dialog.getByText(`About: Re: ${word} does not sing`)).toBeVisible()
  await expect(dialog.getByText(`#${closes}, with a pointer here`)).toBeVisible()
  await expectClean(page)
  expect(await status(page, closes)).toBe('new')
  await page.keyboard.press('Control+Enter')
  await expect(dialog).toHaveCount(0)
  await expect.poll(() => status(page, closes)).toBe('closed')
  await expect(conversation(page).getByText(`merged #${closes} into this ticket`)).toBeVisible()
  await expect(conversation(page).getByText(`About: Re: ${word} does not sing`)).toBeVisible()
  await openTicket(page, closes)
  await expect(page.getByText(`This ticket was merged into #${stays}; the conversation continues there.`)).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveCount(0)
})

test('what was merged can be split off again, with a subject of its own', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const stays = await makeTicket(page, 'Merged by mistake')
  const closes = await makeTicket(page, 'Another matter')
  await page.request.post(`/api/tickets/${closes}/merge`, { headers, data: { into: stays } })
  await openTicket(page, stays)
  await conversation(page).getByRole('button', { name: 'Split off again' }).click()
  const dialog = page.getByRole('dialog', { name: `Split a message off #${stays}` })
  await expect(dialog.getByRole('radio', { name: /About: Another matter/ })).toBeChecked()
  await dialog.getByLabel('Subject of the new ticket').fill(' ')
  await dialog.getByRole('button', { name: 'Split off' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('Write what the new ticket is about.')
  await dialog.getByLabel('Subject of the new ticket').fill('A matter of its own')
  await expectClean(page)
  await dialog.getByRole('button', { name: 'Split off' }).click()
  await expect(dialog).toHaveCount(0)
  const notices = page.locator('[data-sonner-toast]')
  // Taken back before it went: nothing was made, and the subject is there again.
  await notices.getByRole('button', { name: /^Undo/ }).click()
  await expect(notices.filter({ hasText: 'Taken back' }).first()).toBeVisible()
  const links = await (await page.request.get(`/api/tickets/${stays}/links`)).json()
  expect(links.items.map(({ relation }: { relation: string }) => relation)).not.toContain('split_into')
  await conversation(page).getByRole('button', { name: 'Split off again' }).click()
  await expect(dialog.getByLabel('Subject of the new ticket')).toHaveValue('A matter of its own')
  await dialog.getByRole('button', { name: 'Split off' }).click()
  await notices.getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A matter of its own')
  await expect(conversation(page).getByText('About: Another matter')).toBeVisible()
})

test('tickets of another organization warn before they are merged', async ({ browser }) => {
  const page = await signIn(browser, 'admin@demo.test')
  const subject = `Two houses ${Date.now()}`
  const stays = await makeTicket(page, subject)
  const found = await (await page.request.get('/api/users?role=customer&limit=100')).json()
  const mine = (await (await page.request.get(`/api/tickets/${stays}`)).json()).organization?.id
  const stranger = found.items.find(
    (user: { organization_id?: number; email?: string }) =>
      user.email && user.organization_id && user.organization_id !== mine,
  )
  const closes = await makeTicket(page, subject, { requester: { email: stranger.email } })
  await openTicket(page, stays)
  await page.keyboard.press('Shift+M')
  const dialog = page.getByRole('dialog', { name: `Merge into #${stays}` })
  await dialog.getByRole('searchbox').fill(`#${closes}`)
  await dialog.getByRole('checkbox', { name: `#${closes}` }).check()
  await expect(dialog.getByText(/After merging, both read the answers/)).toBeVisible()
  await expect(dialog.getByRole('button', { name: /^Merge 1 ticket/ })).toBeEnabled()
  await expectClean(page)
})

test('why routing chose somebody is told by a key: rules in their order, people with their load', async ({
  browser,
}) => {
  const page = await signIn(browser, 'admin@demo.test')
  // Tickets of other specs may have used up the capacity of every agent, and somebody has to lose.
  const { items: agents } = await (await page.request.get('/api/users?role=agent&limit=100')).json()
  const set = async (room?: object) => {
    for (const { id: agent, capacity, availability } of agents) {
      const reply = await page.request.patch(`/api/users/${agent}`, {
        headers: { 'x-requested-with': 'autocrm' },
        data: room ?? { capacity, availability },
      })
      expect(reply.ok(), await reply.text()).toBe(true)
    }
  }
  await set({ capacity: 200, availability: 'online' })
  const id = await makeTicket(page, 'Refund of a charge, please')
  await set()
  await openTicket(page, id)
  await expect(conversation(page).getByText(/^Routed/)).toBeVisible()
  await page.keyboard.press('w')
  const card = page.getByRole('region', { name: 'Why this person' })
  await expect(card.getByText('matched').first()).toBeVisible()
  await expect(card.getByText('Refunds and charges')).toBeVisible()
  await expect(card.getByRole('meter').first()).toBeVisible()
  await expect(card.getByText(/Assigned by routing on /)).toBeVisible()
  // Each who had room with what decided against them.
  await expect(
    card.getByText(/^(was busier: \d+% in use, against \d+%|was as busy|was later in turn|lacked the skill)/).first(),
  ).toBeVisible()
  await card.getByText('Who has had it').click()
  await expect(card.getByText(/^since /)).toBeVisible()
  await expectClean(page)
  await page.keyboard.press('w')
  await expect(card).toHaveCount(0)
  await conversation(page).getByRole('button', { name: 'Why routing decided this' }).click()
  await expect(card).toBeVisible()
})

test('Escape folds why routing chose somebody first, and only then leaves the ticket', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Why is this with me?')
  await openTicket(page, id)
  await page.keyboard.press('w')
  const card = page.getByRole('region', { name: 'Why this person' })
  await expect(card).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(card).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await page.keyboard.press('Escape')
  await expect(page.getByRole('grid', { name: 'Tickets' })).toBeVisible()
})

test('a ticket becomes an incident of a problem and is taken off it again, each undone by one key', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const word = `Kolibri${Date.now()}`
  const problem = await makeTicket(page, `The cause of ${word}`, { type: 'problem' })
  const other = await makeTicket(page, `First ${word}`, { type: 'incident' })
  await page.request.post(`/api/tickets/${other}/links`, {
    headers,
    data: { relation: 'incident_of', ticket_id: problem },
  })
  const id = await makeTicket(page, `Second ${word}`, { type: 'incident' })
  await openTicket(page, id)
  await expect(details(page).getByText('Not linked with any ticket.')).toBeVisible()
  await page.keyboard.press('Shift+L')
  const dialog = page.getByRole('dialog', { name: `Link #${id} with another ticket` })
  await dialog.getByRole('searchbox').fill(`#${problem}`)
  await dialog.getByText('An incident of the problem').click()
  await dialog.getByRole('radio', { name: `#${problem}` }).check()
  await expectClean(page)
  await dialog.getByRole('button', { name: `Link with #${problem}` }).click()
  await expect(details(page).getByRole('heading', { name: 'Incident of a problem' })).toBeVisible()
  await expect(details(page).getByText(`#${problem} · 2 incidents`)).toBeVisible()
  await details(page)
    .getByRole('button', { name: `Unlink #${problem}` })
    .click()
  await expect(details(page).getByText('Not linked with any ticket.')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(details(page).getByText(`#${problem} · 2 incidents`)).toBeVisible()
  await openTicket(page, problem)
  await expect(details(page).getByText('2 incidents')).toBeVisible()
})

test('a closed ticket takes no answer and is followed up instead', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Long over')
  await changeTicket(page, id, { status: 'closed' })
  await openTicket(page, id)
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveCount(0)
  await page.keyboard.press('Shift+U')
  const dialog = page.getByRole('dialog', { name: `Open a follow-up of #${id}?` })
  await expect(dialog.getByRole('button', { name: 'Open a follow-up' })).toBeFocused()
  await expectClean(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
  await page.getByRole('button', { name: 'Open a follow-up' }).click()
  await page.keyboard.press('Enter')
  await expect(page).not.toHaveURL(new RegExp(`/tickets/${id}$`))
  const line = conversation(page).getByText(`opened this as a follow-up of #${id}`)
  await expect(line.getByRole('link', { name: `#${id}` })).toBeVisible()
  await expect(conversation(page).getByText(`#${id}`)).toHaveCount(1)
  await expect(details(page).getByText('Follows up')).toBeVisible()
})

test('an admin moves a ticket to the trash and takes it out of there again', async ({ browser }) => {
  const page = await signIn(browser, 'admin@demo.test')
  const [one, other] = [await makeTicket(page, 'To be thrown away'), await makeTicket(page, 'Thrown away, too')]
  for (const id of [one, other]) {
    await openTicket(page, id)
    await page.keyboard.press('#')
    await expect(page.getByText(`Moved #${id} to the trash`)).toBeVisible()
  }
  await page.keyboard.press('Control+z')
  await expect(page.getByText(`Undone: Moved #${other} to the trash`)).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(page.getByRole('heading', { name: 'Trash', level: 1 })).toBeVisible()
  await expect(page.getByText('Thrown away, too')).toHaveCount(0)
  await expectClean(page)
  await page.getByRole('button', { name: `Restore #${one}` }).click()
  await expect(page.getByRole('button', { name: `Restore #${one}` })).toHaveCount(0)
  expect(await status(page, one)).toBe('new')
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('button', { name: `Restore #${one}` })).toBeVisible()
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

test('a split proposes what the customer wrote last, also where a note came after it', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Two things in one')
  const note = await page.request.post(`/api/tickets/${id}/messages`, {
    headers: { 'x-requested-with': 'autocrm' },
    data: { kind: 'note', body_text: 'Only for us' },
  })
  expect(note.status(), await note.text()).toBe(201)
  await openTicket(page, id)
  await expect(page.getByText('Only for us')).toBeVisible()
  await page.getByRole('button', { name: 'More for this ticket' }).click()
  const menu = page.getByRole('menu')
  for (const section of ['Write', 'Assignment and status', 'Properties', 'Ticket'])
    await expect(menu.getByRole('group', { name: section, exact: true })).toBeVisible()
  await menu
    .getByRole('group', { name: 'Ticket' })
    .getByRole('menuitem', { name: /^Split/ })
    .click()
  await expect(page.getByRole('dialog').getByRole('radio', { name: /About: Two things/ })).toBeChecked()
})
