import { expect } from '@playwright/test'
import {
  changeTicket,
  colleague,
  cuttableLine,
  editor,
  expectClean,
  holdChanges,
  makeTicket,
  openTicket,
  signIn,
} from './support'
import { test } from './test'

test('of two who change one ticket the second is told, sees it as it is, and loses nothing', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const priya = await signIn(browser, 'priya@demo.test')
  const id = await makeTicket(maya, 'Two hands on one ticket')
  await openTicket(maya, id)
  await openTicket(priya, id)
  await maya.keyboard.press('r')
  await editor(maya, 'Reply').fill('Half a reply')
  await editor(maya, 'Reply').press('Escape')

  const held = await holdChanges(maya)
  const answer = maya.waitForResponse((reply) => reply.request().method() === 'PATCH')
  await maya.getByRole('button', { name: /^Priority: / }).click()
  await maya.getByRole('option', { name: 'Urgent' }).click()
  await held.waiting
  await priya.getByRole('button', { name: /^Priority: / }).click()
  await priya.getByRole('option', { name: 'High' }).click()
  await expect(priya.getByText('changed priority from Normal to High')).toBeVisible()
  held.release()

  const refused = await answer
  expect(refused.status()).toBe(409)
  expect((await refused.json()).current).toMatchObject({ id, priority: 'high' })
  await expect(maya.getByRole('alert')).toContainText('Priya Raman changed this at the same time as you')
  await expect(maya.getByRole('button', { name: 'Priority: High' })).toBeVisible()
  await expect(editor(maya, 'Reply')).toHaveText('Half a reply')

  await maya.getByRole('button', { name: 'Priority: use Urgent, yours' }).click()
  await expect(maya.getByRole('alert')).toHaveCount(0)
  await expect(maya.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
  await expect(priya.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
})

test('of several changes made without a line each that meets another is asked about, and none is dropped', async ({
  browser,
}) => {
  const line = await cuttableLine()
  const maya = await signIn(browser, 'maya@demo.test', { baseURL: line.url })
  const id = await makeTicket(maya, 'Two conflicts at once')
  await openTicket(maya, id)
  const bar = maya.getByRole('status', { name: 'Connection' })
  await expect(bar).toBeEmpty()
  await maya.waitForLoadState('networkidle')
  line.cut()
  await expect(bar).toContainText('You are offline.')
  await maya.keyboard.press('s')
  await maya.keyboard.press('p')
  await maya.getByRole('button', { name: /^Priority: / }).click()
  await maya.getByRole('option', { name: 'Urgent' }).click()
  await expect(bar.getByRole('listitem')).toHaveCount(2)
  await changeTicket(await colleague(), id, { status: 'on_hold', priority: 'high' })
  line.mend()

  const asked = maya.getByRole('alert').filter({ hasText: 'Priya Raman changed these at the same time as you' })
  await expect(asked.getByRole('term')).toHaveText(['Status', 'Priority'])
  // What is done elsewhere on the ticket answers nothing of it.
  await maya.getByRole('button', { name: 'Take it' }).click()
  await expect(maya.getByRole('button', { name: 'Assignee: Maya Okafor' }).first()).toBeVisible()
  await expect(asked.getByRole('term')).toHaveText(['Status', 'Priority'])
  await asked.getByRole('button', { name: 'Status: keep On hold, theirs' }).click()
  await asked.getByRole('button', { name: 'Priority: use Urgent, yours' }).click()
  await asked.getByRole('button', { name: 'Save the choice' }).click()
  await expect(asked).toHaveCount(0)
  await expect(maya.getByRole('button', { name: 'Priority: Urgent' })).toBeVisible()
  await expect(maya.getByRole('button', { name: 'Status: On hold' })).toBeVisible()
  await expect
    .poll(async () => (await maya.request.get(`/api/tickets/${id}`)).json())
    .toMatchObject({ status: 'on_hold', priority: 'urgent' })
  line.close()
})

test('a conflict is told to one who has left the ticket before it was known', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(maya, 'Left behind with a conflict')
  await openTicket(maya, id)
  const held = await holdChanges(maya)
  await maya.getByRole('button', { name: /^Priority: / }).click()
  await maya.getByRole('option', { name: 'Urgent' }).click()
  await held.waiting
  await maya.keyboard.press('Control+k')
  await maya.keyboard.type('Profile')
  await maya.keyboard.press('Enter')
  await expect(maya.getByRole('region', { name: `Ticket ${id}` })).toHaveCount(0)
  await changeTicket(await colleague(), id, { priority: 'high' })
  held.release()
  const notice = maya.locator('[data-sonner-toast]').filter({ hasText: `#${id} was not changed` })
  await expect(notice).toContainText('Priya Raman changed it in the meantime')
  await notice.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(async () => (await (await maya.request.get(`/api/tickets/${id}`)).json()).priority).toBe('urgent')
})

test('a subject that somebody else has changed meanwhile is not written over', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(maya, 'A subject to argue about')
  await openTicket(maya, id)
  const held = await holdChanges(maya)
  await maya.getByRole('button', { name: 'A subject to argue about' }).click()
  await maya.getByLabel('Subject').fill('What Maya says')
  await maya.keyboard.press('Enter')
  await held.waiting
  await changeTicket(await colleague(), id, { subject: 'What Priya says' })
  held.release()
  await expect(maya.getByRole('alert')).toContainText('Priya Raman changed this at the same time as you')
  await expect(maya.getByRole('heading', { level: 1 })).toHaveText('What Priya says')
  await maya.getByRole('button', { name: 'Subject: use What Maya says, yours' }).click()
  await expect(maya.getByRole('heading', { level: 1 })).toHaveText('What Maya says')
  await maya.reload()
  await expect(maya.getByRole('heading', { level: 1 })).toHaveText('What Maya says')
})

test('drafts and conflicts stay with their own ticket', async ({ browser }) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const first = await makeTicket(maya, 'The first of two')
  const second = await makeTicket(maya, 'The second of two')
  await openTicket(maya, first)
  await maya.keyboard.press('r')
  await editor(maya, 'Reply').fill('For the first alone')
  await editor(maya, 'Reply').press('Escape')
  const held = await holdChanges(maya)
  await maya.keyboard.press('s')
  await maya.keyboard.press('p')
  await held.waiting
  await changeTicket(await colleague(), first, { status: 'on_hold' })
  held.release()
  await expect(maya.getByRole('alert')).toContainText('Priya Raman changed this at the same time as you')
  await expect(maya.getByRole('button', { name: 'Status: keep On hold, theirs' })).toBeVisible()

  await maya.keyboard.press('Control+k')
  await maya.keyboard.type(String(second))
  await maya.keyboard.press('Enter')
  await expect(maya.getByRole('heading', { level: 1 })).toHaveText('The second of two')
  await expect(maya.getByRole('alert')).toHaveCount(0)
  await expect(editor(maya, 'Reply')).toHaveText('')
  await expect(maya.getByRole('button', { name: 'Status: New' })).toBeVisible()

  await maya.goBack()
  await expect(maya.getByRole('heading', { level: 1 })).toHaveText('The first of two')
  await expect(editor(maya, 'Reply')).toHaveText('For the first alone')
})

test('a desk whose line drops says so, comes back by itself and catches up', async ({ browser }) => {
  const line = await cuttableLine()
  const maya = await signIn(browser, 'maya@demo.test', { baseURL: line.url })
  const priya = await signIn(browser, 'priya@demo.test')
  const id = await makeTicket(priya, 'Changed while nobody listened')
  await maya.getByRole('button', { name: '1 new' }).click()
  const row = maya.locator(`[data-ticket="${id}"]`)
  await expect(row.getByRole('img', { name: 'new' })).toBeVisible()

  line.cut()
  await expect(maya.getByText('Reconnecting…')).toBeVisible()
  await changeTicket(priya, id, { status: 'on_hold', subject: 'Changed, and caught up with' })
  line.mend()

  await expect(maya.getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 })
  await expect(row).toContainText('Changed, and caught up with')
  await expect(row.getByRole('img', { name: 'On hold' })).toBeVisible()
  line.close()
})

test('who was writing before a drop is seen writing after it', async ({ browser }) => {
  const line = await cuttableLine()
  const maya = await signIn(browser, 'maya@demo.test', { baseURL: line.url })
  const priya = await signIn(browser, 'priya@demo.test')
  const id = await makeTicket(maya, 'A long reply')
  await openTicket(maya, id)
  await openTicket(priya, id)
  await maya.keyboard.press('r')
  await editor(maya, 'Reply').fill('It began like this')
  const writing = priya.getByText('is writing a reply on this ticket…')
  await expect(writing).toBeVisible()
  line.cut()
  await expect(writing).toBeHidden()
  line.mend()
  await expect(writing).toBeVisible({ timeout: 20_000 })
  line.close()
})

test('what somebody else sets while it is being edited is asked about: the subject, and a custom field', async ({
  browser,
}) => {
  const maya = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(maya, 'Edited by two', { team_id: 1 })
  await openTicket(maya, id)
  const priya = await colleague()
  const asked = maya.getByRole('alert').filter({ hasText: 'Priya Raman changed this at the same time as you' })
  await maya.getByRole('button', { name: 'Edited by two' }).click()
  await maya.getByLabel('Subject').fill('What Maya says')
  await changeTicket(priya, id, { subject: 'What Priya says', priority: 'high' })
  // It has come to the screen before Maya is done.
  await expect(maya.getByRole('heading', { level: 1 })).toHaveText('What Priya says')
  await maya.getByLabel('Subject').press('Enter')
  await expect(asked).toBeVisible()
  await expectClean(maya)
  await maya.getByRole('button', { name: 'Subject: use What Maya says, yours' }).click()
  await expect(maya.getByRole('heading', { level: 1 })).toHaveText('What Maya says')
  await expect(maya.getByRole('button', { name: 'Priority: High' })).toBeVisible()

  const version = maya.getByLabel('App version')
  await version.fill('1.1')
  await changeTicket(priya, id, { custom: { app_version: '2.2' }, priority: 'low' })
  await expect(maya.getByRole('button', { name: 'Priority: Low' })).toBeVisible()
  await version.press('Enter')
  await expect(asked).toBeVisible()
  await maya.getByRole('button', { name: 'App version: keep 2.2, theirs' }).click()
  await expect(asked).toHaveCount(0)
  await expect(version).toHaveValue('2.2')
  // Whoever typed nothing of their own takes nothing back.
  await version.fill('2.3')
  await version.fill('2.2')
  await changeTicket(priya, id, { custom: { app_version: '3.3' }, priority: 'normal' })
  await expect(maya.getByRole('button', { name: 'Priority: Normal' })).toBeVisible()
  await version.press('Enter')
  await expect(version).toHaveValue('3.3')
  expect((await (await maya.request.get(`/api/tickets/${id}`)).json()).custom.app_version).toBe('3.3')
})
