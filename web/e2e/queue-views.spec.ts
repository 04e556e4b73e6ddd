import { expect } from '@playwright/test'
import { colleague, expectClean, makeTicket, signIn } from './support'
import { test } from './test'

test('several values of a filter stand in a coloured chip that can be taken away, and the title does not lie', async ({
  browser,
}) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/?status=solved')
  await expect(page.getByRole('heading', { name: 'Solved' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove the filter Status' }).click()
  await expect(page.getByRole('heading', { name: 'Everything' })).toBeVisible()

  await page.goto('/')
  const before = await page
    .getByRole('button', { name: 'Priority', exact: true })
    .evaluate((chip) => getComputedStyle(chip.parentElement as HTMLElement).backgroundColor)
  await page.getByRole('button', { name: 'Priority', exact: true }).click()
  await page.getByRole('option', { name: 'Urgent' }).click()
  await page.getByRole('option', { name: 'High' }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/priority=urgent(,|%2C)high/)
  const chip = page.getByRole('button', { name: 'Priority: Urgent, High. Change' })
  await expect(chip).toBeVisible()
  expect(await chip.evaluate((each) => getComputedStyle(each.parentElement as HTMLElement).backgroundColor)).not.toBe(
    before,
  )
  await expect(page.getByRole('button', { name: 'Status: Active. Change' })).toBeVisible()
  await expectClean(page)
  await chip.focus()
  await page.keyboard.press('Backspace')
  await expect(page).not.toHaveURL(/priority/)
})

test('who adds a filter, by mouse or by keys, types what to look for at once', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const add = page.getByRole('button', { name: 'Add a filter' })
  const box = (name: string) => page.getByRole('combobox', { name, exact: true })
  for (const name of ['Tag', 'Team', 'Type', 'Requester', 'Organization', 'Created', 'Updated']) {
    await add.click()
    await page.getByRole('option', { name, exact: true }).click()
    await expect(box(name)).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(box(name)).toHaveCount(0)
  }
  await add.press('Enter')
  await expect(box('Add a filter')).toBeFocused()
  await page.keyboard.type('tag')
  await page.keyboard.press('Enter')
  await expect(box('Tag')).toBeFocused()
  await page.keyboard.type('sso')
  await expect(box('Tag')).toHaveValue('sso')
})

test('however many filters there are, each is in sight, and so is what clears them', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 800 })
    await page.goto(
      '/?status=open,new&priority=high,urgent&assignee=none&channel=email&type=question&tag=sso&created=90d',
    )
    for (const name of ['Created', 'Tag', 'Type'])
      await expect(page.getByRole('button', { name: `Remove the filter ${name}` })).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('button', { name: 'Clear all filters' })).toBeInViewport({ ratio: 1 })
  }
  await page.setViewportSize({ width: 390, height: 800 })
  await expect(page.getByRole('button', { name: 'Clear all filters' })).toBeInViewport({ ratio: 1 })
})

test('the bar of filters never lies over the preview', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test', { viewport: { width: 1024, height: 768 } })
  await page.goto('/?status=open,new&priority=high,urgent&assignee=none&type=question,incident')
  await expect(page.locator('[data-ticket]').first()).toBeVisible()
  await page.keyboard.press('Space')
  const preview = page.getByRole('complementary', { name: 'Preview' })
  await expect(preview).toBeVisible()
  const edge = (await preview.boundingBox())?.x ?? 0
  const bar = await page.getByRole('group', { name: 'Filters' }).boundingBox()
  expect((bar?.x ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(edge)
  const display = await page.getByRole('button', { name: 'Display' }).boundingBox()
  expect((display?.x ?? 0) + (display?.width ?? 0)).toBeLessThanOrEqual(edge)
})

test('a head sorts by a click, turns by another and lets go by the third', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const head = page.getByRole('columnheader', { name: 'Requester' })
  await expect(head).toHaveAttribute('aria-sort', 'none')
  await head.getByRole('button').click()
  await expect(head).toHaveAttribute('aria-sort', 'ascending')
  await expect(page).toHaveURL(/sort=requester/)
  await head.getByRole('button').click()
  await expect(head).toHaveAttribute('aria-sort', 'descending')
  await head.getByRole('button').click()
  await expect(head).toHaveAttribute('aria-sort', 'none')
  await expect(page).not.toHaveURL(/sort=/)
})

test('groups have their sizes, fold by keys, and are selected as a whole', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const word = `Group${Date.now()}`
  for (const priority of ['low', 'urgent', 'urgent']) await makeTicket(page, `${word} ${priority}`, { priority })
  await page.goto(`/?q=${word}&group=priority`)
  const urgent = page.getByRole('row', { name: /Urgent 2/ })
  await expect(urgent).toBeVisible()
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  await expectClean(page)
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await expect(urgent.getByRole('button', { name: 'Unfold Urgent' })).toHaveAttribute('aria-expanded', 'false')
  await expect(page.locator('[data-ticket]')).toHaveCount(1)
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('[data-ticket]')).toHaveCount(3)
  await page.keyboard.press('x')
  await expect(page.getByRole('toolbar', { name: 'Selected tickets' })).toContainText('2 selected')
})

test('filters become a view, whose changes are told and saved only on request', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const name = `View ${Date.now()}`
  await page.goto('/?priority=urgent&assignee=none')
  await page.getByRole('button', { name: 'Save as…' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await expectClean(page)
  await page.getByRole('button', { name: 'Save the view' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
  await expect(page).toHaveURL(/\?view=\d+$/)
  const link = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: new RegExp(name) })
  await expect(link).toHaveAttribute('aria-current', 'page')
  await expect(link).toContainText(/\d+$/)
  // It opens as chips again, and says the same.
  await expect(page.getByRole('button', { name: 'Priority: Urgent. Change' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Assignee: Nobody. Change' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Reset' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Priority: Urgent. Change' }).click()
  await page.getByRole('option', { name: 'High' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByText('Edited', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect(page.getByRole('button', { name: 'Priority: Urgent. Change' })).toBeVisible()

  await page.getByRole('columnheader', { name: 'Requester' }).getByRole('button').click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(`Saved “${name}”`)).toBeVisible()
  await page.reload()
  await expect(page.getByRole('columnheader', { name: 'Requester' })).toHaveAttribute('aria-sort', 'ascending')

  await page.getByRole('button', { name: `View ${name}: more` }).click()
  await page.getByRole('menuitem', { name: 'Name and sharing…' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(`${name} renamed`)
  await page.getByRole('button', { name: 'Save the view' }).click()
  await expect(page.getByRole('heading', { name: `${name} renamed` })).toBeVisible()

  await page.getByRole('button', { name: `View ${name} renamed: more` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByRole('heading', { name: 'All active' })).toBeVisible()
  await expect(page.getByText(`Deleted the view “${name} renamed”`)).toBeVisible()
})

test('an agent cannot save what is shared with everyone, and an admin can', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.getByRole('link', { name: /^Recently solved/ }).click()
  await expect(page.getByRole('heading', { name: 'Recently solved' })).toBeVisible()
  await page.getByRole('columnheader', { name: 'Subject' }).getByRole('button').click()
  await expect(page.getByText('Edited', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Save as…' })).toBeVisible()

  const admin = await signIn(browser, 'admin@demo.test')
  const name = `Everyone’s ${Date.now()}`
  await admin.goto('/?priority=urgent')
  await admin.getByRole('button', { name: 'Save as…' }).click()
  await admin.getByRole('textbox', { name: 'Name' }).fill(name)
  await admin.getByRole('combobox', { name: 'Who sees it' }).selectOption('Everyone')
  await admin.getByRole('button', { name: 'Save the view' }).click()
  await expect(admin.getByRole('heading', { name })).toBeVisible()
  await admin.getByRole('columnheader', { name: 'Subject' }).getByRole('button').click()
  await admin.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(admin.getByText(`Saved “${name}”`)).toBeVisible()
  // As saved, for those who may not save it.
  await page.reload()
  await page.getByRole('region', { name: 'Everyone' }).getByRole('link', { name }).click()
  await expect(page.getByRole('columnheader', { name: 'Subject' })).toHaveAttribute('aria-sort', 'ascending')
})

test('views are put in order, by the menu as by dragging', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const names = [`First ${Date.now()}`, `Second ${Date.now()}`]
  // Behind all that earlier runs have left.
  const last = Math.floor(Date.now() / 1000)
  for (const [at, name] of names.entries()) {
    const made = await page.request.post('/api/views', {
      headers: { 'x-requested-with': 'autocrm' },
      data: { name, conditions: { field: 'priority', op: 'is', value: 'low' }, position: last + at },
    })
    expect(made.status()).toBe(201)
  }
  await page.reload()
  const section = page.getByRole('region', { name: 'Private' })
  await expect(section.getByRole('link').filter({ hasText: names[0] as string })).toBeVisible()
  await page.getByRole('button', { name: `View ${names[1]}: more` }).click()
  const order = async () =>
    (await section.getByRole('link').allInnerTexts())
      .map((text) => text.split('\n')[0] ?? '')
      .filter((name) => names.includes(name))
  const moved = async (move: Promise<unknown>, expected: (string | undefined)[]) => {
    await Promise.all([page.waitForResponse((answer) => /\/api\/views\/\d+/.test(answer.url())), move])
    await expect.poll(order).toEqual(expected)
    await page.reload()
    await expect.poll(order).toEqual(expected)
  }
  await moved(page.getByRole('menuitem', { name: 'Move up' }).click(), [names[1], names[0]])
  const link = (name: string | undefined) => section.getByRole('link').filter({ hasText: name ?? '' })
  await moved(link(names[1]).dragTo(link(names[0])), [names[0], names[1]])
})

test('a view that is not there is told', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/?view=999999')
  await expect(page.getByRole('heading', { name: 'There is no such view.' })).toBeVisible()
  await expectClean(page)
})

test('a ticket is found by the id that another system gave it', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const admin = await colleague('admin@demo.test')
  const external = `erp,${Date.now()}`
  const key = await admin.request.post('/api/api-keys', {
    data: { name: `Erp ${Date.now()}`, scopes: ['tickets:read', 'tickets:write', 'users:read', 'users:write'] },
  })
  expect(key.status(), await key.text()).toBe(201)
  const made = await admin.request.post('/api/tickets', {
    headers: { authorization: `Bearer ${(await key.json()).key}` },
    data: {
      subject: 'From the other system',
      description: 'Text',
      external_id: external,
      requester: { email: 'naomi.byrne@halcyon.example' },
    },
  })
  expect(made.status(), await made.text()).toBe(201)
  await page.getByRole('button', { name: 'Add a filter' }).click()
  await page.getByRole('option', { name: 'External ID' }).click()
  await page.getByRole('combobox', { name: 'External ID' }).fill(external)
  await page.getByRole('option', { name: external }).click()
  await expect(page.getByRole('button', { name: `External ID: ${external}. Change` })).toBeVisible()
  await expect(page.locator('[data-ticket]')).toHaveCount(1)
  await expect(page.locator('[data-ticket]')).toContainText('From the other system')
  // Conditions of a view know no such field.
  await expect(page.getByRole('button', { name: 'Save as…' })).toBeDisabled()
  await expectClean(page)
})
