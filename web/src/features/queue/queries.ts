/** What a queue reads: its pages and its length. */
import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query'
import { withPending } from '@/desk/pending-changes'
import { QUEUE_KEY, type Row, showNewest, TOTAL_KEY, withNewest } from '@/desk/tickets'
import { api, unwrap } from '@/lib/api/client'
import { matches } from './filters'
import type { List, Source } from './list'
import { selectionOf, sourceOf } from './list'

const PAGE = 100

const page = async ({ view, query }: Source, after: string, signal: AbortSignal) => {
  const asked = { ...query, limit: PAGE, ...(after ? { after } : {}) }
  const read = await (view === undefined
    ? unwrap(api.GET('/api/tickets', { params: { query: asked }, signal }))
    : unwrap(api.GET('/api/views/{id}/tickets', { params: { path: { id: view }, query: asked }, signal })))
  return { ...read, items: read.items.map((row) => withPending(withNewest(row))) }
}

/** Without the moments that periods are counted from, which move on. */
const keyOf = (list: List, source: Source) => [
  source.view ?? null,
  source.view !== undefined && !list.edited ? {} : list.filters,
]

export const queueQuery = (list: List) =>
  infiniteQueryOptions({
    queryKey: [...QUEUE_KEY, ...keyOf(list, sourceOf(list))],
    queryFn: async ({ client, pageParam, signal }) => {
      const read = await page(sourceOf(list), pageParam, signal)
      if (pageParam) setTimeout(() => showNewest(client))
      return read
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    // Events keep the rows true where they stand; reading anew would move them under the cursor.
    meta: { keptByPatches: true },
    staleTime: 300_000,
    gcTime: 1_800_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** How many tickets a list holds over all of its pages, and each of its groups. */
export const totalQuery = (list: List) => {
  const group = list.filters.group
  return queryOptions({
    queryKey: [...TOTAL_KEY, ...keyOf(list, selectionOf(list)), group ?? ''],
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    queryFn: ({ signal }) => {
      const { view, query } = selectionOf(list)
      return unwrap(
        api.GET('/api/tickets/total', {
          params: {
            query: { ...query, ...(view === undefined ? {} : { view }), ...(group ? { group_by: group } : {}) },
          },
          signal,
        }),
      )
    },
  })
}

/** Removes the rows that no longer match: while nobody looks at a queue, its rows may move. */
export function dropRowsThatLeft(client: QueryClient, list: List, me: number | undefined) {
  const key = queueQuery(list).queryKey
  const data = client.getQueryData(key)
  const state = client.getQueryState(key)
  if (!data || !state || me === undefined || list.opaque) return
  const stays = (row: Row) => matches(list.filters, row, me)
  if (data.pages.every((each) => each.items.every(stays))) return
  client.setQueryData(
    key,
    { ...data, pages: data.pages.map((each) => ({ ...each, items: each.items.filter(stays) })) },
    { updatedAt: state.dataUpdatedAt },
  )
  // It is read anew where that was due.
  if (state.isInvalidated) client.invalidateQueries({ queryKey: key, exact: true, refetchType: 'none' })
}
