/** What may be about the same thing, and what would become of it. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export type Similar = Schemas['SimilarTicket']
export type Preview = Schemas['MergePreview']

export const similarQuery = (id: number) =>
  queryOptions({
    queryKey: ['tickets', id, 'similar'],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/tickets/{id}/similar', { params: { path: { id }, query: { limit: 12 } }, signal })),
  })

/** The API merges, tells what has become of the tickets, and takes it back. */
export const previewQuery = (into: number, tickets: number[]) =>
  queryOptions({
    queryKey: ['tickets', into, 'merge', tickets.toSorted((a, b) => a - b)],
    enabled: tickets.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/tickets/{id}/merge/preview', { params: { path: { id: into } }, body: { tickets }, signal }),
      ),
  })
