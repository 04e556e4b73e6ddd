/** The items of a timeline as they are drawn: parted by days, with long runs of changes folded. */
import type { EventItem, MessageItem, RoutingItem, TimelineItem } from '@/desk/timeline'
import { isObject } from '@/lib/api/open'
import { describeEvent, type FieldWords, type Told } from './describe-event'
import { describeRouting, givenBackBy } from './describe-routing'

export type Entry = { key: string; at: string } & (
  | { kind: 'message'; item: MessageItem }
  | { kind: 'system'; text: string }
  | { kind: 'change'; told: Told }
  | { kind: 'routing'; item: RoutingItem; text: string; names: string[] }
)

export type Drawn = Entry | { kind: 'day'; key: string; name: string } | { kind: 'fold'; key: string; hidden: Entry[] }

interface Context {
  ticket: number
  words: FieldWords
  nameOf: (id: number) => string | undefined
}

/** Values of custom fields that an item is about, before and after. */
export function customValuesOf(item: TimelineItem): { path: string; value: unknown }[] {
  const changed = item.kind === 'event' ? item.changes.custom : undefined
  return (Array.isArray(changed) ? changed : []).flatMap((values: unknown) =>
    isObject(values) ? Object.entries(values).map(([key, value]) => ({ path: `custom.${key}`, value })) : [],
  )
}

/** What the database writes beside an event: the event says the same in the reader's language. */
const TOLD_BY_AN_EVENT =
  /^(Merged into ticket \d+\.|Ticket \d+ by .* was merged into this one; |Split off ticket \d+\.|Ticket \d+ was split off |Followed up by ticket \d+\.)/

/** The team that a new ticket came to: its first decision does not name it. */
const teamOf = (events: EventItem[]) => {
  const team = events.find(({ name }) => name === 'ticket.created')?.data.team
  return typeof team === 'string' ? team : undefined
}

/** A decision of routing and the change that it made are one: of the two, the decision says why. */
function withoutDecided(item: EventItem, decisions: RoutingItem[], nameOf: Context['nameOf']): EventItem {
  const [from, to] = Array.isArray(item.changes.assignee) ? item.changes.assignee : []
  const decided = decisions.some(({ at, assignee, explanation }) => {
    const left = givenBackBy(explanation)
    return at === item.at && (to ? assignee === to : left !== undefined && nameOf(left) === from)
  })
  if (!decided) return item
  const { assignee, team, ...changes } = item.changes
  return { ...item, changes }
}

function toEntry(item: TimelineItem, team: string | undefined, { ticket, words, nameOf }: Context): Entry | null {
  const base = { key: `${item.kind}${item.id}`, at: item.at }
  if (item.kind === 'message') {
    if (item.message_kind !== 'system') return { ...base, kind: 'message', item }
    return TOLD_BY_AN_EVENT.test(item.body_text) ? null : { ...base, kind: 'system', text: item.body_text }
  }
  if (item.kind === 'event') {
    const told = describeEvent(item, ticket, words)
    return told && { ...base, kind: 'change', told }
  }
  const told = describeRouting(item, team, nameOf)
  return told && { ...base, kind: 'routing', item, ...told }
}

/** Without what says nothing to a reader. */
export function toEntries(items: TimelineItem[], context: Context): Entry[] {
  const team = teamOf(items.filter((item) => item.kind === 'event'))
  const opened = items.findIndex((item) => item.kind === 'event' && item.name === 'ticket.created')
  const first = items.findIndex(({ at }) => at === items[opened]?.at)
  // Its first message is of the same moment, and stands before it in the order of the API.
  const ordered =
    first < opened ? items.toSpliced(opened, 1).toSpliced(first, 0, ...items.slice(opened, opened + 1)) : items
  const decisions = items.filter((item) => item.kind === 'routing')
  return ordered
    .map((item) => (item.kind === 'event' ? withoutDecided(item, decisions, context.nameOf) : item))
    .map((item) => toEntry(item, team, context))
    .filter((entry) => entry !== null)
}

const LONG = 6
const FIRST = 1
const LAST = 3

/** `day`: the name of a day; `open`: the keys of folds that were opened. */
export function draw(entries: Entry[], day: (iso: string) => string, open: ReadonlySet<string>): Drawn[] {
  const drawn: Drawn[] = []
  let name: string | undefined
  const push = (entry: Entry) => {
    const next = day(entry.at)
    if (next !== name) drawn.push({ kind: 'day', key: `day-${entry.key}`, name: next })
    name = next
    drawn.push(entry)
  }
  for (let at = 0; at < entries.length; ) {
    let end = at
    while (end < entries.length && entries[end]?.kind !== 'message') end++
    const run = entries.slice(at, Math.max(end, at + 1))
    const hidden = run.slice(FIRST, -LAST)
    const key = `fold-${run[0]?.key}`
    if (run.length < LONG || open.has(key)) run.forEach(push)
    else {
      run.slice(0, FIRST).forEach(push)
      drawn.push({ kind: 'fold', key, hidden })
      run.slice(-LAST).forEach(push)
    }
    at += run.length
  }
  return drawn
}
