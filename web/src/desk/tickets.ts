/** Tickets as the caches hold them: rows of the queue, one ticket, its conversation, and the counts beside the views. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { type Pages, patchRow } from '@/realtime/patch'
import { type Known, withPending } from './pending-changes'

export type Ticket = Schemas['Ticket']
export type Row = Schemas['QueueRow']

/** Every list of queue rows is cached below this key, whatever its filters. */
export const QUEUE_KEY = ['queue']

/** Every count of a list is cached below this key. */
export const TOTAL_KEY = ['total']

/** The values of `news` for the columns that `shown` has. */
function renewed<T extends Known>(shown: T, news: Known): T {
  const known = Object.entries(news).filter(([key, value]) => key in shown && value !== undefined)
  return { ...shown, ...Object.fromEntries(known) }
}

/** What an event or an answer has told of each ticket last; of as many as can have changed while a read is on its way. */
const newest = new Map<number, Known>()
const MOST_NEWEST = 500

function remember(known: Known) {
  if ((newest.get(known.id)?.version ?? 0) > known.version) return
  newest.delete(known.id)
  newest.set(known.id, known)
  const [oldest] = newest.keys()
  if (newest.size > MOST_NEWEST && oldest !== undefined) newest.delete(oldest)
}

const isOvertaken = ({ id, version }: { id: number; version: number }) => version < (newest.get(id)?.version ?? 0)

/** A row as it was read, or as it has been told of since that was asked for. */
export function withNewest(row: Row): Row {
  const known = newest.get(row.id)
  return known && isOvertaken(row) ? renewed(row, asRow(known, row)) : row
}

/** Once a further page of a list has come: those before it are put together with it as they were when it was asked for. */
export function showNewest(client: QueryClient) {
  client.setQueriesData<Pages<Row>>({ queryKey: QUEUE_KEY }, (data) => {
    const rows = data?.pages.flatMap(({ items }) => items.filter(isOvertaken)) ?? []
    return rows.reduce((pages, { id }) => patchRow(pages, id, withNewest), data)
  })
}

/** Shows what is known of a ticket now, wherever it is on screen: on its page, and in every queue where it stands. */
export function showTicket(client: QueryClient, known: Known) {
  remember(known)
  client.setQueryData<Ticket>(ticketKey(known.id), (ticket) =>
    ticket && ticket.version <= known.version ? renewed(ticket, asTicket(known)) : ticket,
  )
  client.setQueriesData<Pages<Row>>({ queryKey: QUEUE_KEY }, (data) =>
    patchRow(data, known.id, (row) => (row.version <= known.version ? renewed(row, asRow(known, row)) : row)),
  )
}

/** A row says nothing of the custom fields that its list did not ask for. */
const asTicket = ({ custom, ...known }: Known): Known =>
  custom && known.snippet === undefined ? { ...known, custom } : known

/** What a row has of a ticket: the beginning of its description, and the custom fields that the list asked for. */
function asRow({ custom, ...known }: Known, row: Row): Known {
  const fields = Object.keys(row.custom ?? {}).map((key) => [key, custom?.[key] ?? null])
  return {
    ...known,
    ...(known.description === undefined ? {} : { snippet: known.description.slice(0, 160) }),
    ...(custom && row.custom ? { custom: Object.fromEntries(fields) } : {}),
  }
}

/** Shows a row that the API has sent, with one's own unanswered changes on top. */
export const showRow = (client: QueryClient, row: Row) => showTicket(client, withPending<Known>(row))

export const countsQuery = queryOptions({
  queryKey: ['counts'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/counts', { signal })),
})

const ticketKey = (id: number) => ['tickets', id] as const

/** One ticket, as far as the signed-in agent may see it. */
export const ticketQuery = (id: number) =>
  queryOptions({
    queryKey: ticketKey(id),
    queryFn: async ({ signal }) => {
      const read = () => unwrap(api.GET('/api/tickets/{id}', { params: { path: { id } }, signal }))
      let ticket = await read()
      // An event, or the answer to a change, has come meanwhile and was not shown: there was nothing yet to show it on.
      if (isOvertaken(ticket)) ticket = await read()
      readWhole(ticket)
      return withPending(ticket)
    },
  })

/** What is cached of a ticket: the whole of it, or a row. */
export function knownTicket(client: QueryClient, id: number): Known | undefined {
  const lists = client.getQueriesData<Pages<Row>>({ queryKey: QUEUE_KEY })
  return (
    client.getQueryData(ticketQuery(id).queryKey) ??
    lists.flatMap(([, data]) => data?.pages.flatMap(({ items }) => items) ?? []).find((row) => row.id === id)
  )
}

/** The newest version of each ticket that was read with all its columns: events bring those of a row alone. */
const wholeVersions = new Map<number, number>()

export function readWhole({ id, version }: Ticket) {
  wholeVersions.set(id, Math.max(version, wholeVersions.get(id) ?? 0))
}

export const isWholeAt = (id: number, version: number) => (wholeVersions.get(id) ?? 0) >= version
