import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import { CheckCircle2, PanelRight, UserPlus } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { useChangeTickets } from '@/desk/change-tickets'
import { useCommands } from '@/desk/commands'
import { statusesQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { keepPosition, positionIn } from '@/desk/queue-position'
import { assign, solve, type TicketChange } from '@/desk/ticket-changes'
import { countsQuery, type Row } from '@/desk/tickets'
import { useDebounced } from '@/lib/use-debounced'
import { BulkBar } from './bulk-bar'
import { FilterBar } from './filter-bar'
import { countOf, type Filters, readFilters, withFilters } from './filters'
import { dropRowsThatLeft, queueQuery } from './queries'
import { QueueHeader } from './queue-header'
import { QueueHead, QueueRow, QueueSkeleton, ROW } from './queue-row'
import { useSelection } from './use-selection'

const NONE: Row[] = []

/**
 * A list of tickets under the filters in the address, worked through by keyboard: a cursor on one ticket, a selection
 * of several. `preview` draws the ticket under the cursor beside the list.
 */
export function Queue({ preview }: { preview: (ticket: number, close: () => void) => ReactNode }) {
  // The router may hand on keys that are no filters.
  const filters = readFilters({ ...useSearch({ from: '/desk/' }) })
  const navigate = useNavigate()
  const client = useQueryClient()
  const { data: me } = useQuery(meQuery)
  const { data: statuses } = useQuery(statusesQuery)
  // Before the first drawing, so that nothing moves once it is seen.
  useState(() => dropRowsThatLeft(client, filters, client.getQueryData(meQuery.queryKey)?.id))
  const query = useInfiniteQuery(queueQuery(filters))
  const changeTickets = useChangeTickets()
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? NONE, [query.data])
  const [start] = useState(() => positionIn({ ...filters }))
  const [cursor, setCursor] = useState({ ticket: start.ticket, index: start.index })
  const selection = useSelection(rows)
  const { selected } = selection
  const [previewing, setPreviewing] = useState(() => localStorage.getItem('preview') === 'open')
  const scroller = useRef<HTMLDivElement>(null)
  const filterBox = useRef<HTMLInputElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    initialOffset: start.scrollTop,
    // The last rows stay in reach above the bar of the selection.
    paddingEnd: selected.size ? 64 : 0,
  })
  const items = virtual.getVirtualItems()

  // The cursor is on a ticket; when that has left, on the row where it was.
  const found = rows.findIndex((row) => row.id === cursor.ticket)
  const at = found >= 0 ? found : Math.max(0, Math.min(cursor.index, rows.length - 1))
  const here = rows[at]
  // A held `j` does not load each ticket it passes.
  const previewed = useDebounced(here?.id, 90)

  const queryKey = queueQuery(filters).queryKey
  const position = useRef({ filters, queryKey, ticket: here?.id, index: at, complete: false })
  position.current = { filters, queryKey, ticket: here?.id, index: at, complete: query.isSuccess && !query.hasNextPage }
  useLayoutEffect(() => {
    const box = scroller.current
    if (box && start.scrollTop) box.scrollTop = start.scrollTop
    return () => {
      const { filters: left, queryKey, ticket, index, complete } = position.current
      const total = complete ? undefined : countOf(left, client.getQueryData(countsQuery.queryKey))
      keepPosition({ search: { ...left }, queryKey, total }, { ticket, index, scrollTop: box?.scrollTop ?? 0 })
    }
  }, [start, client])

  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (query.isPlaceholderData || query.isFetchingNextPage || !query.hasNextPage) return
    if (last >= rows.length - 30) query.fetchNextPage()
  }, [last, rows.length, query])

  const set = (change: Partial<Record<keyof Filters, string | undefined>>) => {
    navigate({ to: '/', search: (now: Filters) => withFilters(readFilters({ ...now }), change), replace: true })
    setCursor({ ticket: undefined, index: 0 })
    scroller.current?.scrollTo({ top: 0 })
  }
  const moveTo = (index: number) => {
    const next = Math.min(Math.max(index, 0), rows.length - 1)
    setCursor({ ticket: rows[next]?.id, index: next })
    virtual.scrollToIndex(next)
  }
  const open = (row: Row | undefined) => row && navigate({ to: '/tickets/$id', params: { id: String(row.id) } })
  /** Changes the selected tickets, or the one under the cursor. */
  const apply = (change: TicketChange) => {
    const target = selected.size ? rows.filter((row) => selected.has(row.id)) : here ? [here] : []
    if (target.length) changeTickets.mutate({ rows: target, change })
    selection.clear()
  }
  const togglePreview = (next = !previewing) => {
    setPreviewing(next)
    localStorage.setItem('preview', next ? 'open' : 'closed')
  }
  useCommands([
    { keys: 'j', label: 'Next ticket', run: () => moveTo(at + 1) },
    { keys: 'k', label: 'Previous ticket', run: () => moveTo(at - 1) },
    { keys: 'Enter', label: 'Open the ticket', run: () => open(here) },
    {
      keys: 'Space',
      label: previewing ? 'Close the preview' : 'Preview tickets',
      group: 'Actions',
      icon: <PanelRight size={16} />,
      run: () => togglePreview(),
    },
    { keys: 'x', label: 'Select the ticket', run: () => selection.toggle(at) },
    {
      keys: 'Escape',
      label: 'Clear the selection, close the preview',
      run: () => (selected.size ? selection.clear() : togglePreview(false)),
    },
    { keys: '/', label: 'Filter', run: () => filterBox.current?.focus() },
    {
      keys: 'i',
      label: 'Assign to me',
      group: 'Actions',
      icon: <UserPlus size={16} />,
      run: () => me && apply(assign(me)),
    },
    {
      keys: 'e',
      label: 'Solve ticket',
      group: 'Actions',
      icon: <CheckCircle2 size={16} />,
      run: () => apply(solve(statuses)),
    },
  ])

  // The rows keep these two callbacks; what they do is looked up when they are called.
  const act = useRef({ open: (_: number) => {}, pick: selection.toggle })
  act.current = { open: (index) => (previewing ? moveTo(index) : open(rows[index])), pick: selection.toggle }
  const onOpen = useCallback((index: number) => act.current.open(index), [])
  const onPick = useCallback((index: number, range: boolean) => act.current.pick(index, range), [])

  const narrow = previewing && rows.length > 0
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label="Queue" className="relative flex min-w-0 flex-1 flex-col">
        <QueueHeader
          filters={filters}
          rows={rows}
          loaded={query.isSuccess}
          complete={!query.hasNextPage}
          narrow={narrow}
          onShowNew={() => scroller.current?.scrollTo({ top: 0 })}
        />
        <FilterBar filters={filters} set={set} narrow={narrow} textBox={filterBox}>
          <Button
            className={clsx('ml-auto text-dim', narrow && 'px-1.5')}
            aria-pressed={previewing}
            title="Space"
            onClick={() => togglePreview()}
          >
            <PanelRight size={15} /> {!narrow && 'Preview'}
            {narrow && <span className="sr-only">Preview</span>}
          </Button>
        </FilterBar>
        <div role="table" aria-label="Tickets" aria-rowcount={rows.length + 1} className="flex min-h-0 flex-1 flex-col">
          <div role="rowgroup">
            <QueueHead narrow={narrow} all={selection.all} some={selection.some} onAll={selection.toggleAll} />
          </div>
          <div
            ref={scroller}
            role="rowgroup"
            className={clsx('min-h-0 flex-1 overflow-auto', query.isPlaceholderData && 'opacity-60')}
            tabIndex={0}
            aria-label="Rows"
          >
            {query.isPending && Array.from({ length: 14 }, (_, i) => <QueueSkeleton key={String(i)} />)}
            {query.error && (
              <p role="alert" className="p-6 text-danger">
                {query.error.message}
              </p>
            )}
            {query.isSuccess && rows.length === 0 && (
              <p className="p-10 text-center text-dim">
                Nothing here. <span className="text-ink">Well done, or widen the filters.</span>
              </p>
            )}
            <div className="relative" role="presentation" style={{ height: virtual.getTotalSize() }}>
              {items.map(({ index, start: top }) => {
                const row = rows[index]
                return (
                  row && (
                    <QueueRow
                      key={row.id}
                      row={row}
                      index={index}
                      start={top}
                      current={index === at}
                      picked={selected.has(row.id)}
                      narrow={narrow}
                      onOpen={onOpen}
                      onPick={onPick}
                    />
                  )
                )
              })}
            </div>
          </div>
        </div>
        {selected.size > 0 && <BulkBar count={selected.size} apply={apply} clear={() => selection.clear()} />}
      </section>
      {narrow && previewed !== undefined && (
        <aside
          aria-label="Preview"
          className="flex w-[clamp(420px,38vw,620px)] shrink-0 flex-col border-l border-line bg-canvas"
        >
          {preview(previewed, () => togglePreview(false))}
        </aside>
      )}
    </div>
  )
}
