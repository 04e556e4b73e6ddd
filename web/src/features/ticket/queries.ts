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
