/**
 * What can be done later, as data: an act of one of these kinds survives the page that it was begun on, and the page
 * that takes it over knows how to send it.
 */
import { api, type Schemas, unwrap } from '@/lib/api/client'
import type { Known } from './pending-changes'
import { sendChange } from './send-change'
import type { TicketChange } from './ticket-changes'
import type { Ticket } from './tickets'

interface Kinds {
  /** `before`: what was on screen. */
  change: { before: Known; change: TicketChange }
  create: { body: Schemas['CreateTicket'] }
  macro: { ticket: number; macro: number; body: Schemas['ApplyMacro'] }
  merge: { into: number; tickets: number[] }
  split: { ticket: number; body: Schemas['SplitTicket'] }
  mergeCustomers: { from: Schemas['Named']; into: Schemas['Named'] }
  job: { body: Schemas['CreateBulkJob'] }
}

interface Answers {
  change: Ticket
  create: Ticket
  macro: Schemas['MacroApplied']
  merge: undefined
  split: Ticket
  mergeCustomers: Schemas['User']
  job: Schemas['BulkJob']
}

export type Work = { [K in keyof Kinds]: { kind: K; data: Kinds[K] } }[keyof Kinds]

const SEND: { [K in keyof Kinds]: (data: Kinds[K], key: string) => Promise<Answers[K]> } = {
  // Its version says whether it was done already.
  change: ({ before, change }) => sendChange(before, change),
  create: ({ body }, key) => unwrap(api.POST('/api/tickets', { headers: { 'idempotency-key': key }, body })),
  macro: ({ ticket, macro, body }, key) =>
    unwrap(
      api.POST('/api/tickets/{id}/macros/{macro_id}/apply', {
        params: { path: { id: ticket, macro_id: macro } },
        headers: { 'idempotency-key': key },
        body,
      }),
    ),
  // One after the other, each under a key of its own: those that are done already are not done again.
  merge: async ({ into, tickets }, key) => {
    for (const id of tickets)
      await unwrap(
        api.POST('/api/tickets/{id}/merge', {
          params: { path: { id } },
          headers: { 'idempotency-key': `${key}-${id}` },
          body: { into },
        }),
      )
  },
  split: ({ ticket, body }, key) =>
    unwrap(
      api.POST('/api/tickets/{id}/split', {
        params: { path: { id: ticket } },
        headers: { 'idempotency-key': key },
        body,
      }),
    ),
  mergeCustomers: ({ from, into }, key) =>
    unwrap(
      api.POST('/api/users/{id}/merge', {
        params: { path: { id: from.id } },
        headers: { 'idempotency-key': key },
        body: { into: into.id },
      }),
    ),
  job: ({ body }, key) => unwrap(api.POST('/api/bulk-jobs', { headers: { 'idempotency-key': key }, body })),
}

/** An act of this kind: what is kept of it, and how it is sent. */
export const workOf = <K extends keyof Kinds>(kind: K, data: Kinds[K]) => ({
  work: { kind, data },
  send: (key: string) => SEND[kind](data, key),
})
