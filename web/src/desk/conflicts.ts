/**
 * What to do when the API says that a ticket has another version than the one that was changed. Changes of one's own,
 * and of other columns, are no conflict: the change is made on top of them. What is one names who did what.
 */
import { ApiProblem, api, type Schemas, unwrap } from '@/lib/api/client'
import { currentIn } from '@/lib/api/open'
import { currentPerson } from '@/lib/person'
import type { Known } from './pending-changes'
import { differences, pathsOf, type TicketChange } from './ticket-changes'
import type { Ticket } from './tickets'

/** One column that two people have changed. */
interface Clash {
  path: string
  theirs: unknown
}

export class Conflict extends ApiProblem {
  readonly people: string[]
  readonly clashes: Clash[]

  constructor(problem: ApiProblem, people: string[], clashes: Clash[]) {
    super({ detail: problem.message, current: problem.current }, 409)
    this.people = people
    this.clashes = clashes
  }
}

/** With a conflict the API answers the ticket as it is now. */
export const currentOf = (error: unknown) =>
  currentIn<Ticket>(error, ['id', 'version', 'subject', 'status', 'tags', 'custom'])

/** Who else has written on a ticket or changed it after this moment; rules act for nobody. */
async function othersSince(id: number, since: string | undefined): Promise<string[]> {
  const names = new Set<string>()
  let after: string | undefined
  do {
    const page: Schemas['Page_TimelineItem'] = await unwrap(
      api.GET('/api/tickets/{id}/timeline', {
        params: { path: { id }, query: { kind: 'message,event', limit: 200, ...(after ? { after } : {}) } },
      }),
    )
    for (const item of page.items) {
      if (item.kind === 'routing' || (since && Date.parse(item.at) <= Date.parse(since))) continue
      const who = item.kind === 'message' ? item.author : item.actor
      if (who && who.id !== currentPerson()) names.add(who.name)
    }
    after = page.next ?? undefined
  } while (after)
  return [...names]
}

/**
 * Whether a change that met another version may be made on top of it. It may not when somebody else set the same
 * columns, or did anything at all to a ticket that was to be solved: it was judged without what they did.
 */
export async function conflictOf(problem: ApiProblem, before: Known, current: Ticket, change: TicketChange) {
  const paths = pathsOf(change)
  const clashes = differences(before, current)
    .filter(({ path }) => paths.includes(path))
    .map(({ path, after }) => ({ path, theirs: after }))
  if (!clashes.length && change.shown.status_category !== 'solved') return null
  const people = await othersSince(before.id, before.updated_at)
  return people.length ? new Conflict(problem, people, clashes) : null
}
