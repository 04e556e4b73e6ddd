import { expect, type Page } from '@playwright/test'
import { changeTicket, colleague, expectClean, makeTicket, signIn, withForm } from './support'
import { test } from './test'

const ticket = async (page: Page, id: number | undefined) => (await page.request.get(`/api/tickets/${id}`)).json()
const panel = (page: Page) => page.getByRole('region', { name: 'Progress of the change' })
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selected tickets' })

/** So many tickets, and their list. `rows`: how many of them one page of the list has. */
async function listOf(page: Page, count: number, { more = {}, rows = count }: { more?: object; rows?: number } = {}) {
  const word = `Bulk${Date.now()}${Math.floor(Math.random() * 1000)}`
  const ids: number[] = []
  while (ids.length < count) {
    const some = Array.from({ length: Math.min(10, count - ids.length) }, () => makeTicket(page, word, more))
    ids.push(...(await Promise.all(some)))
  }
  if (rows < count)
    await page.route(/\/api\/(tickets|views\/\d+\/tickets)\?/, (route) => {
      const url = new URL(route.request().url())
      if (url.searchParams.has('after')) return route.abort()
      url.searchParams.set('limit', String(rows))
      return route.continue({ url: url.toString() })
    })
  await page.goto(`/?q=${word}&sort=id&category=all`)
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  return { word, ids }
}

/** Opens one of the acts behind the bar's last button. */
async function more(page: Page, name: string) {
  await bar(page).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name }).click()
}

test('all tickets of a list are changed, also those on pages that are not loaded, and put back', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 7, { rows: 3 })
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  await page.keyboard.press('A')
  await expect(bar(page)).toContainText('All 7 selected')
  await bar(page).getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await expect(panel(page)).toContainText('7 changed')
  for (const id of ids) expect((await ticket(page, id)).priority).toBe('urgent')
  await panel(page).getByRole('button', { name: 'Undo 7' }).click()
  await expect(panel(page)).toContainText('7 restored')
  for (const id of ids) expect((await ticket(page, id)).priority).toBe('normal')
})

test('all tickets of a saved view are changed, also those on pages that are not loaded', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const tag = `view-${Date.now()}`
  const { ids } = await listOf(page, 4, { rows: 2, more: { tags: [tag] } })
  const made = await page.request.post('/api/views', {
    headers: { 'x-requested-with': 'autocrm' },
    data: { name: `View ${tag}`, conditions: { field: 'tags', op: 'includes_any', value: [tag] } },
  })
  expect(made.status(), await made.text()).toBe(201)
  await page.goto(`/?view=${(await made.json()).id}`)
  await expect(page.locator('[data-ticket]')).toHaveCount(2)
  await page.keyboard.press('A')
  await expect(bar(page)).toContainText('All 4 selected')
  await bar(page).getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('option', { name: 'High' }).click()
  await expect(panel(page)).toContainText('4 changed')
  for (const id of ids) expect((await ticket(page, id)).priority).toBe('high')
})

test('requester, organization, language and no team are set for many at once', async ({ browser }) => {
  const page = await signIn(browser, 'admin@demo.test')
  const { ids } = await listOf(page, 2, { more: { team_id: 1 } })
  const [person] = (await (await page.request.get('/api/users?role=customer&limit=1&sort=name')).json()).items
  const [organization] = (await (await page.request.get('/api/organizations?limit=1&sort=-name')).json()).items
  const all = async (read: (each: Awaited<ReturnType<typeof ticket>>) => unknown, value: unknown) => {
    for (const id of ids) await expect.poll(async () => read(await ticket(page, id))).toBe(value)
  }

  await page.keyboard.press('A')
  await more(page, 'Set the requester…')
  await page.keyboard.type(person.email ?? person.name)
  await page.getByRole('option', { name: person.name }).first().click()
  await expect(panel(page)).toContainText(`Make ${person.name} the requester of 2 tickets`)
  await all(({ requester }) => requester.id, person.id)

  await page.keyboard.press('A')
  await more(page, 'Set the organization…')
  await page.keyboard.type(organization.name)
  await page.getByRole('option', { name: organization.name }).first().click()
  await expect(panel(page)).toContainText(`Move 2 tickets to the organization ${organization.name}`)
  await all((each) => each.organization?.id, organization.id)
  // Its name is found again by whoever comes back to it.
  await page.reload()
  await expect(panel(page)).toContainText(`Move 2 tickets to the organization ${organization.name}`)

  await page.keyboard.press('A')
  await more(page, 'Set the language…')
  await page.keyboard.type('Swedish')
  await page.keyboard.press('Enter')
  await expect(panel(page)).toContainText('Set the language of 2 tickets to Swedish')
  await all(({ language }) => language, 'sv')

  for (const id of ids) expect((await ticket(page, id)).team).not.toBeNull()
  await page.keyboard.press('A')
  await more(page, 'Move to a team…')
  await page.getByRole('option', { name: 'No team' }).click()
  await expect(panel(page)).toContainText('Remove the team from 2 tickets')
  await all(({ team }) => team, null)
})

test('what is out of use is not offered for a change', async ({ browser }) => {
  const admin = await colleague('admin@demo.test')
  const name = `Closed down ${Date.now()}`
  const made = await admin.request.post('/api/teams', { data: { name } })
  expect(made.status(), await made.text()).toBe(201)
  const { id } = await made.json()
  const changed = await admin.request.patch(`/api/teams/${id}`, { data: { active: false } })
  expect(changed.ok(), await changed.text()).toBe(true)
  const page = await signIn(browser, 'admin@demo.test')
  await listOf(page, 1)
  await page.keyboard.press('t')
  await expect(page.getByRole('option', { name: 'No team' })).toBeVisible()
  await expect(page.getByRole('option', { name })).toHaveCount(0)
})

test('many go to the trash at once, and come back by undo', async ({ browser }) => {
  const page = await signIn(browser, 'admin@demo.test')
  const { ids } = await listOf(page, 2)
  await page.keyboard.press('A')
  await more(page, 'Move to the trash…')
  await page.getByRole('dialog').getByRole('button', { name: 'Move to the trash' }).click()
  await expect(panel(page)).toContainText('2 changed')
  for (const id of ids) expect((await page.request.get(`/api/tickets/${id}`)).status()).toBe(404)
  await panel(page).getByRole('button', { name: 'Undo 2' }).click()
  await expect(panel(page)).toContainText('2 restored')
  for (const id of ids) expect((await page.request.get(`/api/tickets/${id}`)).status()).toBe(200)
  await expect(page.locator('[data-ticket]')).toHaveCount(2)
})

test('what was done before is no longer offered to be undone once the next change is asked for', async ({
  browser,
}) => {
  const page = await signIn(browser, 'admin@demo.test')
  const { ids } = await listOf(page, 2)
  const setPriority = async (label: string) => {
    await page.keyboard.press('A')
    await bar(page).getByRole('button', { name: 'Priority' }).click()
    await page.getByRole('option', { name: label }).click()
  }
  await setPriority('Urgent')
  await expect(panel(page).getByText('Set the priority of 2 tickets to Urgent')).toBeVisible()
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route('**/api/bulk-jobs', async (route) => {
    if (route.request().method() === 'POST') await held
    await route.continue()
  })
  await setPriority('Low')
  await expect(panel(page)).toHaveCount(0)
  answer()
  await panel(page).getByRole('button', { name: 'Undo 2' }).click()
  await expect(panel(page)).toContainText('2 restored')
  for (const id of ids) expect((await ticket(page, id)).priority).toBe('urgent')
})

test('a change that runs is stopped, and what it has done by then is put back', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const { ids } = await listOf(page, 150, { rows: 3 })
  await page.keyboard.press('A')
  await expect(bar(page)).toContainText('All 150 selected')
  await bar(page).getByRole('button', { name: 'Priority' }).click()
  // As soon as it is there: the desk needs less than a second for all of them.
  await page.evaluate(() => {
    new MutationObserver((_, observer) => {
      const stop = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Stop')
      if (!stop) return
      observer.disconnect()
      stop.click()
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  await page.getByRole('option', { name: 'Low' }).click()
  await expect(panel(page)).toContainText('Stopped')
  const lows = async () =>
    (await Promise.all(ids.map((id) => ticket(page, id)))).filter(({ priority }) => priority === 'low').length
  const done = await lows()
  expect(done).toBeLessThan(150)
  if (done) {
    await panel(page)
      .getByRole('button', { name: `Undo ${done}` })
      .click()
    await expect(panel(page)).toContainText(`${done} restored`)
  }
  expect(await lows()).toBe(0)
})

test('a change that failed for all is told as failed, and one that was undone as undone', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const key = `cause_${Date.now()}`
  await withForm([{ key, label: 'Cause', type: 'text' }], [{ field: key, required: 'solve' }], async (form) => {
    await listOf(page, 2, { more: { form_id: form } })
    const set = async (button: string, option: string) => {
      await page.keyboard.press('A')
      await bar(page).getByRole('button', { name: button }).click()
      await page.getByRole('option', { name: option }).click()
    }
    await set('Status', 'Solved')
    await expect(panel(page)).toContainText('Failed: nothing was changed')
    await expect(panel(page)).not.toContainText('Done')
    await set('Priority', 'Low')
    await panel(page).getByRole('button', { name: 'Undo 2' }).click()
    await expect(panel(page)).toContainText('Set the priority of 2 tickets to Low')
    await expect(panel(page).getByRole('status')).toHaveText('Undone')
  })
})

test('what failed is tried again, once its reason is gone', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const key = `cause_${Date.now()}`
  await withForm([{ key, label: 'Cause', type: 'text' }], [{ field: key, required: 'solve' }], async (form) => {
    const { ids } = await listOf(page, 2, { more: { form_id: form } })
    await changeTicket(page, ids[0] ?? 0, { custom: { [key]: 'known' } })
    await page.keyboard.press('A')
    await bar(page).getByRole('button', { name: 'Status' }).click()
    await page.getByRole('option', { name: 'Solved' }).click()
    await expect(panel(page)).toContainText('1 could not be changed')
    await panel(page).getByRole('button', { name: 'Select these 1' }).click()
    await expect(bar(page)).toContainText('1 selected')
    await expect(page.locator(`[data-ticket="${ids[1]}"]`)).toHaveAttribute('aria-selected', 'true')
    await bar(page).getByRole('button', { name: 'Clear the selection' }).click()
    await changeTicket(page, ids[1] ?? 0, { custom: { [key]: 'found' } })
    await panel(page).getByRole('button', { name: 'Show the 1' }).click()
    await panel(page).getByRole('button', { name: 'Try 1 again' }).click()
    await expect(panel(page)).toContainText('1 changed')
    await expect(panel(page)).not.toContainText('could not')
    for (const id of ids) expect((await ticket(page, id)).status_category).toBe('solved')
  })
})

test('a change of many tells which incidents were solved with their problems, and that an undo leaves them so', async ({
  browser,
}) => {
  const key = `cause${Date.now()}`
  const field = { key, label: 'Root cause', type: 'text' }
  await withForm([field], [{ field: key, required: 'solve' }], async (form) => {
    const page = await signIn(browser, 'maya@demo.test')
    const { ids } = await listOf(page, 2, { more: { type: 'problem' } })
    // They are made at once: which one is first is told by their numbers, as in the panel.
    const [one, other] = ids.toSorted((a, b) => a - b) as [number, number]
    const near = await makeTicket(page, 'It is down', { type: 'incident' })
    const bare = await makeTicket(page, 'It is down here as well', { type: 'incident', form_id: form, team_id: 1 })
    for (const [problem, ticket_id] of [
      [one, near],
      [other, bare],
    ]) {
      const linked = await page.request.post(`/api/tickets/${problem}/links`, {
        headers: { 'x-requested-with': 'autocrm' },
        data: { relation: 'problem_of', ticket_id },
      })
      expect(linked.status(), await linked.text()).toBe(201)
    }
    await page.keyboard.press('A')
    await expect(bar(page)).toContainText('2 selected')
    await bar(page).getByRole('button', { name: 'Status' }).click()
    await page.getByRole('option', { name: 'Solved' }).click()
    await expect(panel(page)).toContainText('2 changed · 1 incident solved too · 1 incident could not be solved')
    // It stays until somebody has read it.
    await panel(page).getByRole('button', { name: 'Show the 2 incidents' }).click()
    const told = panel(page).getByRole('list', { name: 'Problems, and what became of their incidents' })
    await expect(told.getByRole('listitem')).toHaveText([
      `#${one}solved with it: #${near}`,
      `#${other}not solved, see their timelines: #${bare}`,
    ])
    await expect(told.getByRole('link', { name: `#${bare}` })).toHaveAttribute('href', `/tickets/${bare}`)
    await expectClean(page)
    await panel(page).getByRole('button', { name: 'Undo 2' }).click()
    await expect(panel(page)).toContainText('2 restored · 1 incident stays solved')
    expect((await ticket(page, near)).status_category).toBe('solved')
    expect((await ticket(page, one)).status_category).toBe('new')
  })
})
