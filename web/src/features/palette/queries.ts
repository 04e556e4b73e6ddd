/** What the palette finds beyond commands. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'

/** Tickets by number or by words of the subject. */
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    enabled: q.length > 1,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets', { params: { query: { q, limit: 8 } }, signal })),
  })
