/**
 * A whole day at the desk, by keyboard alone, by mouse alone or by thumb alone: ten tickets are triaged, one is answered
 * with a macro, a file and a mention, two are merged, all are changed at once, acts are undone, and all are solved. Here
 * is what lies there in the morning, and what has become of it in the evening.
 */
import { type Browser, expect, type Page } from '@playwright/test'
import { type Count, Hands } from './hands'
import { colleague, makeTicket } from './support'
import { test } from './test'

export const PERSON = { email: 'maya@demo.test', password: 'autocrm-demo', name: 'Maya Okafor' }
export const FILE = { name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from('Paid in full') }
/** What follows the mention in the note. */
export const NOTE = 'please look at the receipt'
export const TICKETS = 10
/** The most that a full triage may take: it sets assignee, priority, team and tag, and goes to the next ticket. */
export const LIMITS = { keys: 40, clicks: 8, taps: 8 }

export interface Day {
  /** The word that finds its tickets. */
  word: string
  /** The oldest first. */
  ids: number[]
  macro: string
  /** The tag of most tickets: it is among those that a phone offers. */
  tag: string
}

/** Ten tickets with one word, and a macro that answers them. */
export async function morning(): Promise<Day> {
  const stamp = Date.now().toString(36).slice(-5)
  const word = `day${stamp}`
  const maya = await colleague(PERSON.email)
  const ids: number[] = []
  for (let n = 1; n <= TICKETS; n++) ids.push(await makeTicket(maya, `${word} number ${n}`))
  const macro = `${stamp} refund`
  const admin = await colleague('admin@demo.test')
  const made = await admin.request.post('/api/macros', {
    data: {
      name: macro,
      scope: 'shared',
      message_kind: 'reply',
      body_text: 'Your money is on its way.',
      actions: [{ add_tags: [word] }],
    },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { items } = await (await maya.request.get('/api/tags?limit=200')).json()
  const [most] = items.toSorted((a: { tickets: number }, b: { tickets: number }) => b.tickets - a.tickets)
  return { word, ids, macro, tag: most.name }
}

/** The door: the page asks who is there. */
export async function comeIn(browser: Browser, options = {}) {
  const page = await (await browser.newContext(options)).newPage()
  // A step that cannot be made is told at once.
  page.setDefaultTimeout(20_000)
  const hands = await Hands.on(page)
  await page.goto('/')
  return { page, hands }
}

export const rows = (page: Page) => page.locator('[data-ticket]')
export const row = (page: Page, id: number | undefined) => page.locator(`[data-ticket="${id}"]`)
export const jobs = (page: Page) => page.getByRole('region', { name: 'Progress of the change' })
export const said = (page: Page) => page.getByRole('article', { name: /^Message from Maya/ })
export const noted = (page: Page) => page.getByRole('article', { name: /^Internal note from Maya/ })

const ticketsOf = async ({ ids }: Day) => {
  const { request } = await colleague('admin@demo.test')
  return Promise.all(ids.map(async (id) => (await request.get(`/api/tickets/${id}`)).json()))
}

/** A full triage has set assignee, priority, team and tag of each. */
export const expectTriaged = (day: Day) =>
  expect
    .poll(async () =>
      (await ticketsOf(day)).map(({ assignee, priority, team, tags }) => [
        assignee?.name,
        priority,
        team?.name,
        tags.includes(day.tag),
      ]),
    )
    .toEqual(day.ids.map(() => [PERSON.name, 'urgent', 'Payments', true]))

/** Somebody was answered with the macro and a file, and a colleague was asked in a note. */
export async function expectAnswered({ ids, word }: Day) {
  const { request } = await colleague('admin@demo.test')
  const read = async () => (await (await request.get(`/api/tickets/${ids[0]}/messages`)).json()).items
  await expect.poll(async () => (await read()).map(({ kind }: { kind: string }) => kind)).toContain('note')
  const messages = await read()
  expect(messages).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        kind: 'reply',
        body_text: expect.stringContaining('Your money is on its way.'),
        attachments: [expect.objectContaining({ name: FILE.name })],
      }),
      expect.objectContaining({
        kind: 'note',
        body_text: expect.stringContaining(NOTE),
        mentions: [expect.objectContaining({ name: 'Priya Raman' })],
      }),
    ]),
  )
  const ticket = await (await request.get(`/api/tickets/${ids[0]}`)).json()
  expect(ticket.tags).toContain(word)
}

export const expectStatuses = (day: Day, wanted: string[]) =>
  expect.poll(async () => (await ticketsOf(day)).map(({ status_category }) => status_category)).toEqual(wanted)

/** One was answered and waits for its customer, and one was merged. */
export const noon = ['pending', ...Array<string>(TICKETS - 2).fill('new'), 'closed']

/** The last ticket is merged into the one before; all others are solved. */
export const evening = [...Array<string>(TICKETS - 1).fill('solved'), 'closed']

/** Writes down what a day took, where the report has it. */
export function report(kind: string, triages: Count[], day: Hands) {
  const words = ({ keys, clicks, taps, letters }: Count) =>
    `${keys} keys, ${clicks} clicks, ${taps} taps, ${letters} letters of text`
  const most = triages.toSorted((a, b) => b.keys + b.clicks + b.taps - a.keys - a.clicks - a.taps)[0]
  const description = `${kind}: one full triage at most ${most && words(most)}; the day ${words(day.total)}`
  test.info().annotations.push({ type: 'count', description })
  console.log(description)
}
