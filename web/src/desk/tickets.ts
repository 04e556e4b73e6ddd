/** Tickets as the caches hold them: rows of the queue, one ticket, its conversation, and the counts beside the views. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { type Pages, patchRow } from '@/realtime/patch'

export type Ticket = Schemas['Ticket']
export type Row = Schemas['QueueRow']

/** Every list of queue rows is cached below this key, whatever its filters. */
export const QUEUE_KEY = ['queue']

/** Puts a newer version of a row in place of the one shown, in every queue that shows it. */
export const showRow = (client: QueryClient, row: Row) =>
  client.setQueriesData<Pages<Row>>({ queryKey: QUEUE_KEY }, (data) => patchRow(data, row))

export const countsQuery = queryOptions({
  queryKey: ['counts'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/counts', { signal })),
})

/** One ticket, as far as the signed-in agent may see it. */
export const ticketQuery = (id: number) =>
  queryOptions({
    queryKey: ['tickets', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/{id}', { params: { path: { id } }, signal })),
  })

/** What a conversation shows; routing decisions are explained elsewhere. */
export type ConversationItem = Exclude<Schemas['TimelineItem'], { kind: 'routing' }>

export const timelineQuery = (id: number) =>
  queryOptions({
    queryKey: ['tickets', id, 'timeline'],
    queryFn: async ({ signal }) => {
      const items: ConversationItem[] = []
      let after: string | undefined
      do {
        const page: Schemas['Page_TimelineItem'] = await unwrap(
          api.GET('/api/tickets/{id}/timeline', {
            params: { path: { id }, query: { kind: 'message,event', limit: 200, ...(after ? { after } : {}) } },
            signal,
          }),
        )
        items.push(...(page.items as ConversationItem[]))
        after = page.next ?? undefined
      } while (after)
      return items
    },
  })
