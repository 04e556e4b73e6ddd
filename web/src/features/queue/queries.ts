/** The pages of a queue, and their upkeep while nobody looks at them. */
import { infiniteQueryOptions, keepPreviousData, type QueryClient } from '@tanstack/react-query'
import { QUEUE_KEY, type Row } from '@/desk/tickets'
import { api, unwrap } from '@/lib/api/client'
import { type Filters, matches, toQuery } from './filters'

export const queueQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: [...QUEUE_KEY, filters],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/tickets', {
          params: { query: { ...toQuery(filters), limit: 100, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    // Events keep the rows true where they stand; reading anew would move them under the cursor.
    staleTime: 300_000,
    gcTime: 1_800_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** Removes the rows that no longer match: while nobody looks at a queue, its rows may move. */
export function dropRowsThatLeft(client: QueryClient, filters: Filters, me: number | undefined) {
  const key = queueQuery(filters).queryKey
  const data = client.getQueryData(key)
  const state = client.getQueryState(key)
  if (!data || !state || state.isInvalidated || me === undefined) return
  const stays = (row: Row) => matches(filters, row, me)
  if (data.pages.every((page) => page.items.every(stays))) return
  client.setQueryData(
    key,
    { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter(stays) })) },
    { updatedAt: state.dataUpdatedAt },
  )
}
