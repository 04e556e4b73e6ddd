/** When what happened to a ticket, from the ticket and its timeline. */
import { inOwnWord } from '@/desk/config'
import type { Ticket } from '@/desk/tickets'
import type { TimelineItem } from '@/desk/timeline'

export interface Moment {
  name: 'created' | 'firstReply' | 'customer' | 'reopened' | 'solved' | 'closed' | 'updated'
  at: string
  /** Seconds since the ticket was made, where that is of interest. */
  after?: number
  /** How often it happened. */
  times?: number
}

const isReopening = (item: TimelineItem, done: string[]) => {
  if (item.kind !== 'event') return false
  const change = item.changes.status
  if (!Array.isArray(change)) return false
  const [from, to] = change.map((label) => inOwnWord('status', String(label)))
  return done.includes(from ?? '') && !done.includes(to ?? '')
}

/**
 * `done`: the labels of statuses that mean solved or closed. `whole`: the items are all there are, from the first on;
 * without it nobody knows how often something happened.
 */
export function momentsOf(ticket: Ticket, items: TimelineItem[], done: string[], whole: boolean): Moment[] {
  const since = (at: string) => Math.max(0, (Date.parse(at) - Date.parse(ticket.created_at)) / 1000)
  const reopened = items.filter((item) => isReopening(item, done))
  const fromCustomer = items.findLast((item) => item.kind === 'message' && item.author?.id === ticket.requester.id)
  const known: (Moment | undefined)[] = [
    { name: 'created', at: ticket.created_at },
    ticket.first_reply_at
      ? { name: 'firstReply', at: ticket.first_reply_at, after: since(ticket.first_reply_at) }
      : undefined,
    // The ticket itself is their first message.
    fromCustomer && since(fromCustomer.at) > 1 ? { name: 'customer', at: fromCustomer.at } : undefined,
    reopened.length
      ? { name: 'reopened', at: reopened.at(-1)?.at ?? '', ...(whole ? { times: reopened.length } : {}) }
      : undefined,
    ticket.solved_at ? { name: 'solved', at: ticket.solved_at, after: since(ticket.solved_at) } : undefined,
    ticket.closed_at ? { name: 'closed', at: ticket.closed_at } : undefined,
    { name: 'updated', at: ticket.updated_at },
  ]
  return known.filter((moment) => moment !== undefined)
}
