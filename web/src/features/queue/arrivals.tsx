/** New tickets wait behind a button: they never move rows under the cursor. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ArrowUp } from 'lucide-react'
import { meQuery } from '@/desk/me'
import { api, unwrap } from '@/lib/api/client'
import { useDebounced } from '@/lib/use-debounced'
import { useLiveState } from '@/realtime/live-store'
import { type List, selectionOf } from './list'
import { t } from './messages'

/** Asks the API which of the tickets that others have sent belong to this list: only it knows what a view lets through. */
export function useArrivals(list: List, shown: ReadonlySet<number>) {
  const live = useLiveState()
  const { data: me } = useQuery(meQuery)
  const arrived = [...live.arrivals.values()].filter(({ row, createdBy }) => createdBy !== me?.id && !shown.has(row.id))
  const candidates = arrived.map(({ row }) => row.id)
  const first = Math.min(...arrived.map(({ row }) => Date.parse(row.created_at)))
  const asked = useDebounced(candidates.join(','), 250)
  const { data } = useQuery({
    queryKey: ['arrivals', selectionOf(list).view ?? '', JSON.stringify(list.filters), asked],
    enabled: asked !== '',
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { view, query } = selectionOf(list)
      const since = [new Date(first - 1000).toISOString(), query.created_after ?? ''].sort().at(-1) as string
      const params = { ...query, created_after: since, sort: '-created_at', limit: 200 }
      const page = await (view === undefined
        ? unwrap(api.GET('/api/tickets', { params: { query: params }, signal }))
        : unwrap(api.GET('/api/views/{id}/tickets', { params: { path: { id: view }, query: params }, signal })))
      return page.items.map(({ id }) => id)
    },
  })
  const fresh = asked === '' ? [] : candidates.filter((id) => data?.includes(id))
  return { count: fresh.length, clear: live.clearArrivals }
}

/** Over the rows, below what the list is controlled by: the filters, which may take several lines, and the heads. */
export const NewPill = ({ count, onShow }: { count: number; onShow: () => void }) => (
  <div className="relative z-30 h-0">
    <button
      type="button"
      onClick={onShow}
      className="absolute start-1/2 top-11 flex h-7 -translate-x-1/2 items-center gap-1.5 rounded-full bg-accent px-3 font-medium whitespace-nowrap text-accent-ink shadow-md hover:brightness-110 max-md:top-2 max-md:h-9 rtl:translate-x-1/2"
    >
      <ArrowUp size={14} aria-hidden /> {t.header.fresh(count)}
    </button>
  </div>
)
