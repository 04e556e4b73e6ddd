/** Sends one change of a ticket, and again on top of what others did meanwhile where that is no conflict. */
import { ApiProblem, api, unwrap } from '@/lib/api/client'
import { conflictOf, currentOf } from './conflicts'
import { ownVersion, recordVersion } from './own-versions'
import type { Known } from './pending-changes'
import { sameValue, type TicketChange } from './ticket-changes'
import type { Ticket } from './tickets'

const PATHS = { solve: '/api/tickets/{id}/solve', reopen: '/api/tickets/{id}/reopen' } as const

const request = (id: number, version: number, { verb, body }: TicketChange): Promise<Ticket> => {
  const sent = { params: { path: { id } }, headers: { 'if-match': `"${version}"` }, body }
  return unwrap(verb ? api.POST(PATHS[verb], sent) : api.PATCH('/api/tickets/{id}', sent))
}

/** Whether a ticket is as the change wanted it: an answer that was lost on its way is followed by a conflict. */
const isDone = (ticket: Ticket, { shown }: TicketChange) => {
  const { custom, ...columns } = shown
  const all = [
    ...Object.entries(columns),
    ...Object.entries(custom ?? {}).map(([key, value]) => [`custom.${key}`, value]),
  ]
  const now = {
    ...ticket,
    ...Object.fromEntries(Object.entries(ticket.custom).map(([key, v]) => [`custom.${key}`, v])),
  }
  return (
    all.length > 0 && all.every(([key, value]) => sameValue((now as Record<string, unknown>)[key as string], value))
  )
}

// Each time somebody else was faster in between.
const MOST_TRIES = 4

/** `before`: what was on screen when it was made. */
export async function sendChange(before: Known, change: TicketChange): Promise<Ticket> {
  const { id } = before
  let version = ownVersion(id, before.version)
  for (let tries = 1; ; tries++) {
    try {
      const ticket = await request(id, version, change)
      recordVersion(id, version, ticket.version)
      return ticket
    } catch (error) {
      const current = currentOf(error)
      if (!current || !(error instanceof ApiProblem) || tries === MOST_TRIES) throw error
      if (isDone(current, change)) return current
      const conflict = await conflictOf(error, before, current, change)
      if (conflict) throw conflict
      version = current.version
    }
  }
}
