/**
 * Changes of the ticket on screen that somebody else was faster with, as one question: however many of one's own they
 * are, such as those made without a line, each field is asked about and none is lost.
 */
import { Conflict, currentOf } from '@/desk/conflicts'
import { changeWithout, pathsOf, sentValue, type TicketChange } from '@/desk/ticket-changes'
import type { Ticket } from '@/desk/tickets'
import type { ApiProblem } from '@/lib/api/client'
import { memberOf } from '@/lib/api/open'

export interface ConflictOfTicket {
  change: TicketChange
  /** Who was faster; nobody where the desk does not say. */
  people: string[]
  clashes: { path: string; theirs: unknown }[]
  /** The ticket as it was answered. */
  now: Ticket | undefined
}

export const conflictFrom = (change: TicketChange, error: ApiProblem): ConflictOfTicket => ({
  change,
  ...(error instanceof Conflict ? { people: error.people, clashes: error.clashes } : { people: [], clashes: [] }),
  now: currentOf(error),
})

/** The value that a change sets at this path; what a verb sets is only in what it shows. */
export function valueIn({ body, shown }: TicketChange, path: string): unknown {
  if (path.startsWith('custom.')) return body.custom?.[path.slice('custom.'.length)]
  return memberOf(body, path) ?? (path === 'status' ? shown.status : undefined)
}

/** One change that does what both do; where both set the same, what the later one says. */
function together(one: TicketChange, later: TicketChange): TicketChange {
  const first = changeWithout(one, pathsOf(later))
  const verb = later.verb ?? first.verb
  const custom = (key: 'body' | 'shown') => {
    const fields = { ...first[key].custom, ...later[key].custom }
    return Object.keys(fields).length ? { custom: fields } : {}
  }
  return {
    ...(verb ? { verb } : {}),
    body: { ...first.body, ...later.body, ...custom('body') },
    shown: { ...first.shown, ...later.shown, ...custom('shown') },
  }
}

/** What is left to ask once these paths are settled. */
export function conflictWithout(conflict: ConflictOfTicket, paths: string[]): ConflictOfTicket | null {
  const change = changeWithout(conflict.change, paths)
  if (!pathsOf(change).length) return null
  return { ...conflict, change, clashes: conflict.clashes.filter(({ path }) => !paths.includes(path)) }
}

/** Beside the fields of another change, one that clashes as a whole is asked about by its fields as well. */
const byField = ({ change, clashes, now }: ConflictOfTicket) =>
  clashes.length ? clashes : pathsOf(change).map((path) => ({ path, theirs: now && sentValue(now, path) }))

export function joined(asked: ConflictOfTicket | null, later: ConflictOfTicket): ConflictOfTicket {
  const before = asked && conflictWithout(asked, pathsOf(later.change))
  if (!before) return later
  return {
    change: together(before.change, later.change),
    people: [...new Set([...before.people, ...later.people])],
    clashes: [...byField(before), ...byField(later)],
    now: later.now ?? before.now,
  }
}
