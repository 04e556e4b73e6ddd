/**
 * Sends changes of tickets: shown at once, put back when they are refused. Each carries the version that was on screen,
 * so that nobody overwrites what they have not seen.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { ApiProblem, api, problemsOf, unwrap } from '@/lib/api/client'
import { ownVersion, recordVersion } from './own-versions'
import type { TicketChange } from './ticket-changes'
import { countsQuery, QUEUE_KEY, type Row, showRow, type Ticket, ticketQuery, timelineQuery } from './tickets'

const PATHS = { solve: '/api/tickets/{id}/solve', reopen: '/api/tickets/{id}/reopen' } as const

/** `seen`: the version on screen when the change was made. */
async function send(id: number, seen: number, { verb, body }: TicketChange): Promise<Ticket> {
  const version = ownVersion(id, seen)
  const request = { params: { path: { id } }, headers: { 'if-match': `"${version}"` }, body: body as never }
  const ticket = await unwrap(verb ? api.POST(PATHS[verb], request) : api.PATCH('/api/tickets/{id}', request))
  recordVersion(id, version, ticket.version)
  return ticket
}

/** With a conflict the API answers the ticket as it is now. */
const currentOf = (error: unknown) =>
  error instanceof ApiProblem && error.status === 409 ? (error.current as Ticket | undefined) : undefined

/** Changes of one ticket, one after the other. A conflict shows the ticket as it is now; its caller asks what to do. */
export function useChangeTicket(id: number) {
  const client = useQueryClient()
  const key = ticketQuery(id).queryKey
  return useMutation({
    // A second quick change follows on the first instead of conflicting with it.
    scope: { id: `ticket-${id}` },
    mutationFn: ({ change, version }: { change: TicketChange; version: number }) => send(id, version, change),
    onMutate: async ({ change }) => {
      await client.cancelQueries({ queryKey: key, exact: true })
      const before = client.getQueryData(key)
      if (before) client.setQueryData(key, { ...before, ...change.shown })
      return { before }
    },
    onError: (error, _, context) => {
      const current = currentOf(error)
      client.setQueryData(key, current ?? context?.before)
      // What is wrong with a value is shown beside its field.
      if (!current && !problemsOf(error).length) toast.error(error.message)
    },
    onSuccess: (ticket) => client.setQueryData(key, ticket),
    onSettled: () => client.invalidateQueries({ queryKey: timelineQuery(id).queryKey }),
  })
}

/** The row of a ticket that was answered whole. */
const toRow = ({ description, ...ticket }: Ticket, before: Row): Row => {
  const row = { ...before } as Record<string, unknown>
  for (const key of Object.keys(ticket) as (keyof typeof ticket)[]) if (key in before) row[key] = ticket[key]
  return { ...(row as Row), snippet: description.slice(0, 160), assignee: ticket.assignee ?? null }
}

const reasonOf = (error: unknown) => {
  if (!(error instanceof ApiProblem)) return (error as Error).message
  if (error.status === 409) return 'somebody changed it meanwhile'
  return error.problems.map(({ path, message }) => `${path} ${message}`).join(', ') || error.message
}

const AT_ONCE = 6

/** The same change of several rows: each succeeds or fails on its own, and a notice lists those that failed. */
export function useChangeTickets() {
  const client = useQueryClient()
  return useMutation({
    scope: { id: 'tickets' },
    onMutate: ({ rows, change }: { rows: Row[]; change: TicketChange }) => {
      for (const row of rows) showRow(client, { ...row, ...change.shown })
    },
    mutationFn: async ({ rows, change }: { rows: Row[]; change: TicketChange }) => {
      const failed: { id: number; reason: string }[] = []
      const one = async (row: Row) => {
        try {
          const ticket = await send(row.id, row.version, change)
          showRow(client, toRow(ticket, row))
          client.setQueryData(ticketQuery(row.id).queryKey, ticket)
        } catch (error) {
          const current = currentOf(error)
          showRow(client, current ? toRow(current, row) : row)
          failed.push({ id: row.id, reason: reasonOf(error) })
        }
      }
      const waiting = [...rows]
      const worker = async () => {
        for (let row = waiting.shift(); row; row = waiting.shift()) await one(row)
      }
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, rows.length) }, worker))
      return failed
    },
    onSuccess: (failed, { rows }) => {
      if (failed.length)
        toast.error(
          failed.length === rows.length && rows.length === 1
            ? 'The ticket was not changed'
            : `${failed.length} of ${rows.length} tickets were not changed`,
          { description: failed.map(({ id, reason }) => `#${id}: ${reason}`).join('\n'), duration: 12_000 },
        )
      // What was refused stays as it is; reading the list anew shows the rest where it belongs now.
      if (failed.length < rows.length) client.invalidateQueries({ queryKey: QUEUE_KEY })
      client.invalidateQueries({ queryKey: countsQuery.queryKey })
    },
  })
}
