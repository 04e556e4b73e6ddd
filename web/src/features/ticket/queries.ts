import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { ApiProblem, api, type Schemas, unwrap } from '@/lib/api/client'
import { madeVersion, ownVersion } from '@/lib/versions'

export type Ticket = Schemas['Ticket']

/** One ticket, as far as the signed-in agent may see it. */
export const ticketQuery = (id: number) =>
  queryOptions({
    queryKey: ['tickets', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/{id}', { params: { path: { id } }, signal })),
  })

/** What a conversation shows; why routing decided has its own place. */
export type Told = Exclude<Schemas['TimelineItem'], { kind: 'routing' }>

export const timelineQuery = (id: number) =>
  queryOptions({
    queryKey: ['tickets', id, 'timeline'],
    queryFn: async ({ signal }) => {
      const items: Told[] = []
      let after: string | undefined
      do {
        const page: Schemas['Page_TimelineItem'] = await unwrap(
          api.GET('/api/tickets/{id}/timeline', {
            params: { path: { id }, query: { kind: 'message,event', limit: 200, ...(after ? { after } : {}) } },
            signal,
          }),
        )
        items.push(...(page.items as Told[]))
        after = page.next ?? undefined
      } while (after)
      return items
    },
  })

export const customFieldsQuery = queryOptions({
  queryKey: ['custom-fields'],
  staleTime: 3_600_000,
  queryFn: ({ signal }) => unwrap(api.GET('/api/custom-fields', { params: { query: { limit: 200 } }, signal })),
})

export const historyQuery = (requester: number) =>
  queryOptions({
    queryKey: ['history', requester],
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets', { params: { query: { requester, limit: 7 } }, signal })),
  })

/** Shows the change at once, rolls back when it is refused; a 409 hands back the current ticket. */
export function useUpdateTicket(id: number, onConflict?: (current: Ticket) => void) {
  const client = useQueryClient()
  const key = ticketQuery(id).queryKey
  return useMutation({
    // One after the other: a second quick change follows on the first instead of conflicting with it.
    scope: { id: `ticket-${id}` },
    mutationFn: async ({ body, version: seen }: { body: object; shown?: Partial<Ticket>; version: number }) => {
      const version = ownVersion(id, seen)
      const ticket = await unwrap(
        api.PATCH('/api/tickets/{id}', {
          params: { path: { id }, header: {} as never },
          headers: { 'if-match': `"${version}"` },
          body: body as never,
        }),
      )
      madeVersion(id, version, ticket.version)
      return ticket
    },
    onMutate: async ({ shown }) => {
      await client.cancelQueries({ queryKey: key, exact: true })
      const before = client.getQueryData<Ticket>(key)
      if (before && shown) client.setQueryData(key, { ...before, ...shown })
      return { before }
    },
    onError: (error, _, context) => {
      const current =
        error instanceof ApiProblem && error.status === 409 ? (error.current as Ticket | undefined) : undefined
      client.setQueryData(key, current ?? context?.before)
      if (current) onConflict?.(current)
      else if (!(error instanceof ApiProblem && error.problems.length)) toast.error(error.message)
    },
    onSuccess: (ticket) => client.setQueryData(key, ticket),
    onSettled: () => client.invalidateQueries({ queryKey: timelineQuery(id).queryKey }),
  })
}

export function useCreateMessage(id: number) {
  const client = useQueryClient()
  return useMutation({
    // One after the other, so that a conversation has the order in which it was sent.
    scope: { id: `messages of ticket ${id}` },
    mutationFn: (body: { kind: 'reply' | 'note'; body_html: string; status?: string }) =>
      unwrap(api.POST('/api/tickets/{id}/messages', { params: { path: { id } }, body: body as never })),
    onSettled: () => client.invalidateQueries({ queryKey: ['tickets', id] }),
  })
}
