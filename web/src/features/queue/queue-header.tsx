import { useQuery, useQueryClient } from '@tanstack/react-query'
import clsx from 'clsx'
import { Button } from '@/components/ui/button'
import { teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { PageTitle } from '@/desk/page'
import { countsQuery, QUEUE_KEY, type Row } from '@/desk/tickets'
import { useLiveState } from '@/realtime/live-store'
import { countOf, type Filters, matches } from './filters'
import { titleOf } from './views'

/** The title of a queue, how many tickets it holds, the live connection, and the button that shows new arrivals. */
export function QueueHeader({
  filters,
  rows,
  complete,
  loaded,
  narrow,
  onShowNew,
}: {
  filters: Filters
  rows: Row[]
  /** Whether anything is loaded, and whether that is every row. */
  loaded: boolean
  complete: boolean
  narrow: boolean
  onShowNew: () => void
}) {
  const client = useQueryClient()
  const live = useLiveState()
  const { data: me } = useQuery(meQuery)
  const { data: teams } = useQuery(teamsQuery)
  const { data: counts } = useQuery(countsQuery)
  const total = complete ? rows.length : countOf(filters, counts)
  const shown = new Set(live.arrivals.size ? rows.map((row) => row.id) : [])
  // Not announced: tickets of one's own, and those that the filters leave out.
  const fresh = [...live.arrivals.values()].filter(
    ({ row, createdBy }) => createdBy !== me?.id && !shown.has(row.id) && matches(filters, row, me?.id),
  ).length
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 px-4 whitespace-nowrap">
      <PageTitle title={titleOf(filters, teams?.items.find((team) => String(team.id) === filters.team)?.name)} />
      <span className="text-dim">
        {loaded && `${total?.toLocaleString() ?? `${rows.length}+`} ${total === 1 ? 'ticket' : 'tickets'}`}
      </span>
      <span className="flex items-center gap-1.5 text-dim" role="status">
        <span className={clsx('size-2 rounded-full', live.connected ? 'bg-green' : 'bg-amber')} />
        {live.connected ? 'Live' : 'Reconnecting…'}
      </span>
      {fresh > 0 && (
        <Button
          variant="primary"
          className="rounded-full"
          onClick={() => {
            live.clearArrivals()
            client.invalidateQueries({ queryKey: QUEUE_KEY })
            onShowNew()
          }}
        >
          {fresh} new
        </Button>
      )}
      {!narrow && (
        <span className="ml-auto text-[12px] text-dim">
          {counts ? `${Number(counts.views.unassigned).toLocaleString()} unassigned` : ''}
        </span>
      )}
    </header>
  )
}
