/** The decision by which routing gave a ticket to who has it: as it was stored then, not as it would be today. */
import { isObject, type Open } from '@/lib/api/open'
import { skillsIn } from './describe-candidate'
import { t } from './messages'

export interface Decision {
  at: string
  /** The rules that matched, by their ids. */
  rules: { id: number; name: string }[]
  /** How it was chosen between those who fitted; undefined when the ticket waited and somebody had room. */
  strategy: string | undefined
  waited: boolean
  /** The slots that they had in use. */
  load: { open: number; capacity: number } | undefined
  /** The next in the order of the team, who had room too. */
  passedOver: { id: number; why: string }[]
  /** Whether these are all who had room: then everybody else in the team was away or full. */
  all: boolean
}

/** As many are stored. */
const NAMED = 5

/** Hundredths of somebody's capacity that were in use. */
function inUse({ share, load, capacity }: Open): number | undefined {
  // Millionths of it, or hundredths of slots beside their number.
  const percent = share === undefined ? Number(load) / Number(capacity) : Number(share) / 10_000
  return Number.isFinite(percent) ? Math.round(percent) : undefined
}

/** Why somebody with room was not chosen. */
function whyNot(person: Open, seat: Open | undefined, strategy: string | undefined): string {
  const words = t.decided.whyNot
  const { reason, lacks } = person
  if (reason === 'lacks_skills' && isObject(lacks) && Object.keys(lacks).length)
    return words.lacked(skillsIn(lacks as Record<string, number>))
  if (reason === 'behind' && strategy === 'round_robin') return words.laterInTurn
  if (reason === 'behind' && strategy === 'most_skilled') return words.lessSkilled
  if (reason === 'behind') {
    const [theirs = 0, least = 0] = [inUse(person), seat && inUse(seat)]
    return theirs > least ? words.busier(theirs, least) : words.laterInOrder(theirs)
  }
  return (typeof reason === 'string' && words.reasons[reason]) || words.other
}

/** Why it was this person: what was so when it was decided. `at`: a time as the reader reads it. */
export function describeDecision({ at, strategy, waited, load }: Decision, readable: (iso: string) => string): string {
  const how = waited ? t.decided.waited : ((strategy && t.decided.strategies[strategy]) ?? t.decided.byRule)
  const then = load ? [t.decided.load(load.open, load.capacity)] : []
  return [t.decided.at(readable(at)), how, ...then].join(' ')
}

const stored = (value: unknown): Open[] => (Array.isArray(value) ? value.filter(isObject) : [])

const rulesOf = ({ rules }: Open) => stored(rules).map(({ id, name }) => ({ id: Number(id), name: String(name) }))

function read(item: Open, assignee: number): Omit<Decision, 'rules'> {
  const candidates = stored(item.candidates)
  const seat = candidates.find(({ user_id }) => user_id === assignee)
  const strategy = typeof item.balance === 'string' ? item.balance : undefined
  return {
    at: String(item.at),
    strategy,
    passedOver: candidates
      .filter((each) => each !== seat)
      .map((each) => ({ id: Number(each.user_id), why: whyNot(each, seat, strategy) })),
    all: strategy !== undefined && candidates.length <= NAMED,
    waited: typeof item.offered === 'string',
    load: seat && { open: Number(seat.open), capacity: Number(seat.capacity) },
  }
}

/** `items`: all decisions about the ticket, the oldest first. Undefined when routing did not choose who has it. */
export function decisionFor(items: unknown, assignee: number | undefined): Decision | undefined {
  if (assignee === undefined) return undefined
  const last = stored(items).findLast((item) => item.assignee_id === assignee)
  return last && { ...read(last, assignee), rules: matchedRules(items) ?? [] }
}

/** The rules that matched when they were applied; undefined when they never were. */
export function matchedRules(items: unknown): Decision['rules'] | undefined {
  const applied = stored(items).findLast((item) => 'failed_actions' in item)
  return applied && rulesOf(applied)
}
