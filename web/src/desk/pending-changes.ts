/**
 * What the API has said of a ticket, and one's own changes of it that have no answer yet. What is shown is the first
 * with the second on top: so a refusal takes back one change alone, and an event that comes meanwhile hides none.
 */
import type { Schemas } from '@/lib/api/client'

type Ticket = Schemas['Ticket']

export type Shown = Partial<
  Pick<Ticket, 'subject' | 'status' | 'status_category' | 'priority' | 'type' | 'team' | 'assignee' | 'tags' | 'custom'>
>

/** A ticket or a row of one. */
export interface Known extends Omit<Partial<Ticket>, 'custom'> {
  /** Of a row only when its fields were asked for. */
  custom?: Ticket['custom'] | null
  id: number
  version: number
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

/** What is to be shown of a ticket of which this has just been read. */
export function withPending<T extends Known>(read: T): T {
  const entry = pending.get(read.id)
  if (!entry) return read
  if (read.version >= entry.truth.version) entry.truth = { ...entry.truth, ...read }
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
      if (answer && answer.version >= entry.truth.version) entry.truth = { ...entry.truth, ...answer }
      if (!entry.layers.length) pending.delete(before.id)
      return entry.layers.reduce(onTop, entry.truth)
    },
  }
}
