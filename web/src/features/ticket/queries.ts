/** What only the page of a ticket reads. */
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'

/** The requester's latest tickets. */
export const historyQuery = (requester: number) =>
  queryOptions({
    queryKey: ['history', requester],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/tickets', { params: { query: { requester: String(requester), limit: 7 } }, signal })),
  })

/** What is known of the requester beyond what the ticket says. */
export const requesterQuery = (id: number) =>
  queryOptions({
    queryKey: ['users', id],
    staleTime: 300_000,
    queryFn: ({ signal }) => unwrap(api.GET('/api/users/{id}', { params: { path: { id } }, signal })),
  })
