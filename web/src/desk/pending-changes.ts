/**
 * What the API has said of a ticket, and one's own changes of it that have no answer yet. What is shown is the first
 * with the second on top: so a refusal takes back one change alone, and an event that comes meanwhile hides none.
 */
import type { Schemas } from '@/lib/api/client'

type Ticket = Schemas['Ticket']

export type Shown = Partial<
  Pick<
    Ticket,
    | 'subject'
    | 'status'
    | 'status_category'
    | 'priority'
    | 'type'
    | 'team'
    | 'assignee'
    | 'requester'
    | 'organization'
    | 'tags'
    | 'custom'
    | 'required_skills'
    | 'preferred_skills'
    | 'language'
    | 'form'
  >
>

/** A ticket or a row of one, which has at most the custom fields that a list shows. */
export interface Known extends Omit<Partial<Ticket>, 'custom'> {
  id: number
  version: number
  custom?: Ticket['custom'] | null
  snippet?: string
}

interface Pending {
  truth: Known
  layers: Shown[]
}

const pending = new Map<number, Pending>()

/** Custom fields are merged, as the API does. */
const onTop = <T extends Known>(ticket: T, { custom, ...shown }: Shown): T => ({
  ...ticket,
  ...shown,
  ...(custom && ticket.custom ? { custom: { ...ticket.custom, ...custom } } : {}),
})

/** Two reads of one ticket; a row adds to a whole ticket only what it has in full. */
function merged(before: Known, read: Known): Known {
  const { snippet, ...columns } = { ...before, ...read }
  if (read.snippet === undefined) return columns
  return before.snippet === undefined
    ? { ...columns, ...(before.custom ? { custom: before.custom } : {}) }
    : { ...columns, ...(snippet === undefined ? {} : { snippet }) }
}

/** Whether a change of this ticket has no answer yet. */
export const hasPending = (id: number) => pending.has(id)

/** What is to be shown of a ticket of which this has just been read. */
export function withPending<T extends Known>(read: T): T {
  const entry = pending.get(read.id)
  if (!entry) return read
  if (read.version >= entry.truth.version) entry.truth = merged(entry.truth, read)
  return entry.layers.reduce(onTop, read)
}

/** Puts a change on top; answers what is to be shown, and how to take it off again once the API has answered. */
export function addPending(before: Known, shown: Shown): { shown: Known; settle: (answer?: Known) => Known } {
  const entry = pending.get(before.id) ?? { truth: before, layers: [] }
  pending.set(before.id, entry)
  entry.layers.push(shown)
  return {
    shown: entry.layers.reduce(onTop, entry.truth),
    settle: (answer) => {
      const at = entry.layers.indexOf(shown)
      if (at >= 0) entry.layers.splice(at, 1)
      if (answer && answer.version >= entry.truth.version) entry.truth = merged(entry.truth, answer)
      if (!entry.layers.length) pending.delete(before.id)
      return entry.layers.reduce(onTop, entry.truth)
    },
  }
}
