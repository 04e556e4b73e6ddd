/** How many tickets each person or organization of a list has, as far as the reader sees them. */
import { queryOptions, useQueries } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { t } from './messages'

type Whose = 'requester' | 'organization'

interface Count {
  /** Missing where there are too many to be counted. */
  open: number | undefined
  all: number | undefined
}

const countsQuery = (whose: Whose, ids: number[]) =>
  queryOptions({
    queryKey: ['ticket-counts', whose, ids],
    staleTime: 30_000,
    queryFn: async ({ signal }) => {
      const of = whose === 'requester' ? { requester: ids.join() } : { organization: ids.join() }
      const count = (more: { status_category?: string }) =>
        unwrap(api.GET('/api/tickets/total', { params: { query: { ...of, ...more, group_by: whose } }, signal }))
      const [open, all] = await Promise.all([count({ status_category: 'active' }), count({})])
      return new Map(ids.map((id) => [id, { open: countOf(open, id), all: countOf(all, id) }]))
    },
  })

const countOf = ({ exact, groups }: Schemas['ListCount'], id: number) =>
  exact ? (groups.find(({ key }) => key === String(id))?.count ?? 0) : undefined

/** The counts of a list's pages, each page asked for once; undefined until they are there. */
export function useTicketCounts(whose: Whose, pages: { items: { id: number }[] }[] | undefined) {
  const answers = useQueries({
    queries: (pages ?? [])
      .filter(({ items }) => items.length)
      .map(({ items }) =>
        countsQuery(
          whose,
          items.map(({ id }) => id),
        ),
      ),
  })
  return (id: number): Count | undefined => answers.find(({ data }) => data?.has(id))?.data?.get(id)
}

export const TicketCounts = ({ counts }: { counts: Count | undefined }) => (
  <span className="truncate text-dim tabular-nums max-md:ms-[38px] max-md:block">
    {/* As tall before the numbers come. */}
    {counts ? t.ticketCounts(counts.open, counts.all) : '\u00a0'}
  </span>
)
