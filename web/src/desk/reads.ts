/** What one has read, and who else is on a ticket: the marks beside the rows of a queue. */
import { keepPreviousData, type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { overtake } from '@/lib/overtaken'
import { t } from './messages'
import { offeredAct, tellRefusal } from './offered-act'
import { ticketQuery } from './tickets'

export const MARKS_KEY = ['marks']

/** Which of these tickets are unread, and who is on them now. */
export const marksQuery = (ids: number[]) =>
  queryOptions({
    queryKey: [...MARKS_KEY, ids.join(',')],
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    // Somebody who leaves says nothing that a list would hear.
    refetchInterval: 10_000,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/tickets/marks', { params: { query: { ids: ids.join(',') } }, signal })),
  })

/** Marks a ticket as read, or as unread, for oneself. */
export async function markTicket(client: QueryClient, id: number, read: boolean) {
  const show = () =>
    client.setQueriesData<Schemas['TicketMarks']>({ queryKey: MARKS_KEY }, (marks) => {
      if (!marks || marks.unread.includes(id) !== read) return marks
      return { ...marks, unread: read ? marks.unread.filter((each) => each !== id) : [...marks.unread, id] }
    })
  show()
  await unwrap(api.PUT('/api/tickets/{id}/read', { params: { path: { id } }, body: { read } }))
  // What was read meanwhile may be from before it.
  show()
  overtake(client, { queryKey: MARKS_KEY })
}

/** Marks it for good reason, and not by passing: offered to be undone. */
export const markUnread = (client: QueryClient, id: number): Promise<unknown> =>
  offeredAct({
    text: t.marks.unread(t.ticket(id)),
    lane: `mark-${id}`,
    send: () => markTicket(client, id, false),
    undo: () => markTicket(client, id, true),
  }).catch((error) => tellRefusal(t.marks.unread(t.ticket(id)), error, () => markUnread(client, id)))

// Whoever passes through with a held key has not read.
const READ_MS = 700

/** Marks the ticket on screen as read, again with each change of it. */
export function useMarkRead(id: number) {
  const client = useQueryClient()
  const { data } = useQuery({ ...ticketQuery(id), enabled: false })
  const version = data?.version
  useEffect(() => {
    if (version === undefined) return
    // What cannot be marked now is marked when the ticket is opened again.
    const timer = setTimeout(() => void markTicket(client, id, true).catch(() => undefined), READ_MS)
    return () => clearTimeout(timer)
  }, [client, id, version])
}
