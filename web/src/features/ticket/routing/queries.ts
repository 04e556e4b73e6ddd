/** Why routing decided as it did, and who has had the ticket. */
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'

/** Read anew each time the card opens: people come and go, and rules change. */
export const routingQuery = (id: number) =>
  queryOptions({
    queryKey: ['tickets', id, 'routing'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/{id}/routing', { params: { path: { id } }, signal })),
  })

export const assignmentsQuery = (id: number) =>
  queryOptions({
    queryKey: ['tickets', id, 'assignments'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/{id}/assignments', { params: { path: { id } }, signal })),
  })
