/** Deleted tickets, the latest first, until they are gone for good. Only administrators may read them. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'

export const trashQuery = infiniteQueryOptions({
  queryKey: ['trash'],
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/trash', { params: { query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } }, signal }),
    ),
  initialPageParam: '',
  getNextPageParam: (page) => page.next ?? undefined,
})
