import { expect, type Page } from '@playwright/test'
import { expectClean, makeTicket, signIn } from './support'
import { test } from './test'

const field = (page: Page) => page.getByRole('combobox', { name: 'Search tickets, people and organizations' })
const results = (page: Page) => page.getByRole('list', { name: 'Tickets found' })

/** The index follows its tickets within a moment. */
async function searched(page: Page, question: string, id: number) {
  await expect
    .poll(async () =>
      (await page.request.get(`/api/search?q=${encodeURIComponent(question)}`))
        .json()
        .then(({ items }) => items.map((item: { id: number }) => item.id)),
    )
    .toContain(id)
}

test('filters become pills that are completed, opened and removed by keyboard', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(field(page)).toBeFocused()
  await page.keyboard.type('sta')
  await expect(page.getByRole('option', { name: /^status:/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(field(page)).toHaveValue('status:')
  await page.keyboard.type('pe')
  await expect(page.getByRole('option', { name: /^pending/ })).toBeVisible()
  await page.keyboard.press('Tab')
  // A value ends its filter.
  await expect(field(page)).toHaveValue('')
  await expect(page.getByRole('button', { name: 'status:pending, edit' })).toBeVisible()
  await page.keyboard.type('invoice')
  await expect(page).toHaveURL(/q=status%3Apending(\+|%20)invoice|q=status:pending/)
  await expect(results(page).getByRole('listitem').first()).toBeVisible()
  await expect(results(page).getByRole('img', { name: 'pending' }).first()).toBeVisible()
  await expect(results(page).getByRole('img', { name: 'open' })).toHaveCount(0)

  // Backspace at the end of a pill makes it text again.
  await page.keyboard.press('Home')
  await page.keyboard.press('Backspace')
  await expect(field(page)).toHaveValue('status:pending invoice')
  await expect(page.getByRole('button', { name: 'status:pending, edit' })).toHaveCount(0)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove status:pending' }).click()
  await expect(field(page)).toHaveValue('invoice')
})

test('Ctrl+A takes the filters with the text: what is typed then is a question of its own', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const pill = page.getByRole('button', { name: 'status:open, edit' })
  await page.goto('/search?q=status%3Aopen%20refund')
  await expect(pill).toBeVisible()
  await field(page).click()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('s')
  await expect(field(page)).toHaveValue('refunds')
  await expect(pill).toBeVisible()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('card')
  await expect(field(page)).toHaveValue('card')
  await expect(pill).toHaveCount(0)
  await expect(page).toHaveURL(/\?q=card$/)
  await page.goto('/search?q=status%3Aopen')
  await field(page).click()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Backspace')
  await expect(pill).toHaveCount(0)
})

test('a number opens its ticket', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'Opened by number from the search')
  await page.goto('/search')
  await field(page).fill(`#${id}`)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
})

test('what was found is marked, with who wrote it, and j, k and Enter go through it', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const word = `quokka${Date.now()}`
  const id = await makeTicket(page, `About the ${word}`, { tags: ['needle'] })
  const other = await makeTicket(page, `Another ${word}`)
  await page.request.post(`/api/tickets/${other}/messages`, {
    headers: { 'x-requested-with': 'autocrm' },
    data: { kind: 'note', body_text: `I have seen the ${word} myself` },
  })
  await searched(page, word, id)
  await searched(page, word, other)
  await page.goto(`/search?q=${word}`)
  await expect(page.getByText('2 tickets', { exact: true })).toBeVisible()
  await expect(results(page).locator('mark', { hasText: word }).first()).toBeVisible()
  await page.keyboard.press('j')
  const first = results(page).getByRole('link').first()
  await expect(first).toBeFocused()
  await page.keyboard.press('j')
  await expect(results(page).getByRole('link').nth(1)).toBeFocused()
  await page.keyboard.press('k')
  await expect(first).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/tickets\/\d+$/)
  await page.goBack()
  await expect(page.getByText('2 tickets', { exact: true })).toBeVisible()
  await expect(
    page.getByRole('navigation', { name: 'Narrow the search' }).getByRole('link', { name: word }),
  ).toBeVisible()
})

test('a wrong spelling is corrected, and the word itself can be looked for', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/search?q=refnud')
  await expect(page.getByText('Showing “refund” for')).toBeVisible()
  await page.getByRole('button', { name: 'Search for “refnud” instead' }).click()
  await expect(field(page)).toHaveValue('"refnud"')
  await expect(page.getByText('Nothing found', { exact: true }).first()).toBeVisible()
})

test('what is not understood is told where it stands', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/search?q=tag:refund staus:open')
  await expect(page.getByRole('alert')).toContainText(
    'There is no filter “staus”. Put it in quotes to look for the text.Did you mean',
  )
  await expect(page.getByRole('alert').getByText('staus:open')).toBeVisible()
  await expect(field(page)).toHaveAttribute('aria-invalid', 'true')
  await expectClean(page)
  // Half a name is no mistake while it is typed.
  await page.goto('/search')
  await field(page).pressSequentially('refund status:o')
  await expect(results(page).getByRole('listitem').first()).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('facets narrow the search and widen it again', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/search?q=refund')
  const pane = page.getByRole('navigation', { name: 'Narrow the search' })
  await pane.getByRole('link', { name: 'Solved' }).click()
  await expect(page.getByRole('button', { name: 'status:solved, edit' })).toBeVisible()
  await expect(pane.getByRole('link', { name: 'Solved' })).toHaveAttribute('aria-current', 'true')
  await pane.getByRole('link', { name: 'Payments' }).click()
  await expect(page.getByRole('button', { name: 'team:Payments, edit' })).toBeVisible()
  await pane.getByRole('link', { name: 'Everything' }).click()
  await expect(field(page)).toHaveValue('refund')
  await expect(page.getByRole('button', { name: /, edit$/ })).toHaveCount(0)
})

test('people and organizations are found with the tickets, also from the palette', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/search?q=halcyon')
  await expect(
    page.getByRole('complementary', { name: 'People' }).getByRole('link', { name: 'Halcyon Labs' }).last(),
  ).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('naomi byrne')
  await page.getByRole('option', { name: /^NB|Naomi Byrne Halcyon/ }).click()
  await expect(page).toHaveURL(/\/customers\/\d+$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Naomi Byrne')
})

test('people alone are looked for, by keyboard, and the address says so', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/search?q=naomi')
  const kinds = page.getByRole('navigation', { name: 'What to look for' })
  await expect(kinds.getByRole('link', { name: /^Tickets \d/ })).toHaveAttribute('aria-current', 'page')
  await expect(kinds.getByRole('link', { name: /^People \d/ })).toBeVisible()
  // From the field the results are one key away, and the kinds two more.
  await field(page).press('Escape')
  await page.keyboard.press('2')
  await expect(page).toHaveURL('/search?q=naomi&kind=people')
  await expect(kinds.locator('[aria-current]')).toHaveText(/^People/)
  const people = page.getByRole('list', { name: 'People' })
  await expect(people.getByRole('link', { name: /Naomi Byrne/ })).toBeVisible()
  await expect(results(page)).toHaveCount(0)
  await expect(page.getByText(/^\d+ (person|people)/)).toBeVisible()
  await expectClean(page)

  // What is typed goes on looking for people.
  await field(page).fill('zzzz nobody')
  await expect(page.getByText('Nothing found', { exact: true })).toBeVisible()
  await field(page).fill('naomi byr')
  await expect(page).toHaveURL('/search?q=naomi+byr&kind=people')
  await expect(people.getByRole('link')).not.toHaveCount(0)
  await field(page).press('Enter')
  await expect(people.getByRole('link').first()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Naomi Byrne')

  await page.goto('/search?q=halcyon&kind=organizations')
  await expect(
    page.getByRole('list', { name: 'Organizations' }).getByRole('link', { name: /Halcyon/ }),
  ).not.toHaveCount(0)
  await page.goto('/search?q=status:open&kind=people')
  await expect(page.getByText('Whose name?')).toBeVisible()
  await expectClean(page)
  await page.goto('/search?q=naomi&kind=tickets')
  await expect(results(page)).toBeVisible()
})

test('the palette is narrowed to people by keyboard, and a number still opens its ticket', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  const id = await makeTicket(page, 'A number beats a kind')
  await page.keyboard.press('Control+k')
  const box = page.getByRole('combobox', { name: 'Search tickets and commands' })
  await expect(box).toBeFocused()
  const kinds = page.getByRole('group', { name: 'Look for' })
  await page.keyboard.press('Tab')
  await expect(kinds.getByRole('button', { name: 'Tickets' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(kinds.getByRole('button', { name: 'People' })).toHaveAttribute('aria-pressed', 'true')
  await expect(box).toBeFocused()
  await page.keyboard.type('naomi byrne')
  await expect(page.getByRole('group', { name: 'People' }).getByRole('option', { name: /Naomi Byrne/ })).toBeVisible()
  await expect(page.getByRole('group', { name: 'Actions' })).toHaveCount(0)
  await expect(page.getByRole('group', { name: 'Tickets' })).toHaveCount(0)
  await expectClean(page)
  await page.getByRole('option', { name: 'Search people for “naomi byrne”' }).click()
  await expect(page).toHaveURL('/search?q=naomi+byrne&kind=people')

  await page.keyboard.press('Control+k')
  await kinds.getByRole('button', { name: 'People' }).click()
  await page.keyboard.type(`#${id}`)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tickets/${id}$`))
})

test('the palette completes operators with Tab and searches with them', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.keyboard.press('Control+k')
  const box = page.getByRole('combobox', { name: 'Search tickets and commands' })
  await expect(box).toBeFocused()
  await page.keyboard.type('assig')
  await page.keyboard.press('Tab')
  await expect(box).toHaveValue('assignee:')
  await page.keyboard.type('m')
  await expect(page.getByRole('button', { name: /^me/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(box).toHaveValue('assignee:me ')
  await expect(page.getByRole('group', { name: 'Tickets' }).getByRole('option').first()).toBeVisible()
  await page.getByRole('option', { name: /^Search everything for/ }).click()
  await expect(page.getByRole('button', { name: 'assignee:me, edit' })).toBeVisible()
})

test('new results come within 150 ms of the last key, and the old ones stay until then', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/search?q=invoice')
  await expect(results(page).getByRole('listitem').first()).toBeVisible()
  await page.route('**/api/search?**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 600))
    await route.continue()
  })
  await field(page).focus()
  await page.keyboard.press('End')
  await page.keyboard.type(' pdf')
  await expect(results(page)).toHaveAttribute('aria-busy', 'true')
  await expect(results(page).getByRole('listitem').first()).toBeVisible()
  await expect(results(page)).toHaveAttribute('aria-busy', 'false')
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`the search has no serious barrier in the ${colorScheme} theme, empty, full and with its help`, async ({
    browser,
  }) => {
    test.slow()
    const page = await signIn(browser, 'maya@demo.test', { colorScheme })
    await page.goto('/search')
    await expect(page.getByText('What are you looking for?')).toBeVisible()
    await expectClean(page)
    await field(page).pressSequentially('refund prio')
    await expect(page.getByRole('option', { name: /^priority:/ })).toBeVisible()
    await expectClean(page)
    await page.getByRole('button', { name: 'What can be written here' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectClean(page)
    await page.keyboard.press('Escape')
    await page.goto('/search?q=status:closed zzzzzzzz')
    await expect(page.getByText('Nothing found', { exact: true }).first()).toBeVisible()
    await expectClean(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto('/search?q=refund')
    await expect(results(page).getByRole('listitem').first()).toBeVisible()
    await expectClean(page)
  })

test('what was probably meant is one click away, and a question that failed is not kept', async ({ browser }) => {
  const page = await signIn(browser, 'maya@demo.test')
  await page.goto('/search')
  await field(page).fill('status:opne ')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('Status has no value “opne”.')
  await page.getByRole('alert').getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page).toHaveURL(/q=status(:|%3A)open$/)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.goto('/search?q=assignee:me')
  await field(page).press('Enter')
  const recent = page.getByRole('navigation', { name: 'Narrow the search' })
  await expect(recent.getByRole('link', { name: 'assignee:me' })).toBeVisible()
  await expect(recent.getByRole('link', { name: 'status:opne' })).toHaveCount(0)
  await page.goto(`/search?q=${'a'.repeat(3000)}`)
  await expect(page.getByRole('alert')).toContainText('The question is longer than 1,000 characters. Shorten it.')
  expect((await page.getByRole('alert').boundingBox())?.height).toBeLessThan(80)
})
