import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import { CheckCircle2, ChevronDown, PanelRight, UserPlus } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useCommands } from '@/app/commands'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { meQuery } from '@/features/auth/queries'
import { TicketPanel } from '@/features/ticket/ticket-panel'
import { useLiveState } from '@/realtime/use-live'
import { BulkBar } from './bulk-bar'
import { FilterBox } from './filter-box'
import { countOf, type Filters, matches, readFilters, withFilters } from './filters'
import { keepPlace, placeIn } from './place'
import {
  agentsOf,
  countsQuery,
  prioritiesQuery,
  queueQuery,
  type Row,
  statusesQuery,
  teamsQuery,
  tidyQueue,
  useUpdateTickets,
} from './queries'
import { QueueHead, QueueRow, ROW } from './queue-row'
import { titleOf } from './views'

const NONE: Row[] = []

/** Follows a value once it rests: a held `j` does not load each ticket it passes. */
function useRested<T>(value: T, wait: number) {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return rested
}

export function Queue() {
  // What the router hands on may hold more than a queue knows.
  const filters = readFilters({ ...useSearch({ from: '/desk/' }) })
  const navigate = useNavigate()
  const client = useQueryClient()
  const { data: me } = useQuery(meQuery)
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const { data: counts } = useQuery(countsQuery)
  // Before the first drawing, so that nothing moves once it is seen.
  useState(() => tidyQueue(client, filters, client.getQueryData(meQuery.queryKey)?.id))
  const query = useInfiniteQuery(queueQuery(filters))
  const update = useUpdateTickets()
  const live = useLiveState()
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? NONE, [query.data])
  const [start] = useState(() => placeIn(filters))
  const [cursor, setCursor] = useState({ ticket: start.ticket, index: start.index })
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set())
  const [preview, setPreview] = useState(() => localStorage.getItem('preview') === 'open')
  const scroller = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const lastPicked = useRef(0)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    initialOffset: start.top,
    // The last rows stay in reach above the bar of the selection.
    paddingEnd: picked.size ? 64 : 0,
  })
  const items = virtual.getVirtualItems()

  // The cursor is on a ticket; when that has left, on the row where it was.
  const found = rows.findIndex((row) => row.id === cursor.ticket)
  const at = found >= 0 ? found : Math.max(0, Math.min(cursor.index, rows.length - 1))
  const here = rows[at]
  const shownTicket = useRested(here?.id, 90)

  const place = useRef({ filters, ticket: here?.id, index: at })
  place.current = { filters, ticket: here?.id, index: at }
  useLayoutEffect(() => {
    const box = scroller.current
    if (box && start.top) box.scrollTop = start.top
    return () => {
      const { filters: left, ticket, index } = place.current
      keepPlace(left, { ticket, index, top: box?.scrollTop ?? 0 })
    }
  }, [start])

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
  const stand = (index: number) => {
    const next = Math.min(Math.max(index, 0), rows.length - 1)
    setCursor({ ticket: rows[next]?.id, index: next })
    virtual.scrollToIndex(next)
  }
  const open = (row: Row | undefined) => row && navigate({ to: '/tickets/$id', params: { id: String(row.id) } })
  const pick = (index: number, range = false) => {
    const next = new Set(picked)
    const row = rows[index]
    if (!row) return
    const chosen = !next.has(row.id)
    const [from, to] = range ? [lastPicked.current, index].sort((a, b) => a - b) : [index, index]
    for (const { id } of rows.slice(from, (to ?? index) + 1)) chosen ? next.add(id) : next.delete(id)
    lastPicked.current = index
    setPicked(next)
  }
  const change = (body: object, shown: Partial<Row>) => {
    const target = picked.size ? rows.filter((row) => picked.has(row.id)) : here ? [here] : []
    if (target.length) update.mutate({ rows: target, body, shown })
    setPicked(new Set())
  }
  const togglePreview = (next = !preview) => {
    setPreview(next)
    localStorage.setItem('preview', next ? 'open' : 'closed')
  }
  const solved = statuses?.items.find((s) => s.category === 'solved')
  const solve = () => solved && change({ status: solved.key }, { status: solved.key, status_category: 'solved' })
  const assignToMe = () => me && change({ assignee_id: me.id }, { assignee: { id: me.id, name: me.name } })
  useCommands([
    { keys: 'j', label: 'Next ticket', run: () => stand(at + 1) },
    { keys: 'k', label: 'Previous ticket', run: () => stand(at - 1) },
    { keys: 'Enter', label: 'Open the ticket', run: () => open(here) },
    {
      keys: 'Space',
      label: preview ? 'Close the preview' : 'Preview tickets',
      group: 'Actions',
      icon: <PanelRight size={16} />,
      run: () => togglePreview(),
    },
    { keys: 'x', label: 'Select the ticket', run: () => pick(at) },
    {
      keys: 'Escape',
      label: 'Clear the selection, close the preview',
      run: () => (picked.size ? setPicked(new Set()) : togglePreview(false)),
    },
    { keys: '/', label: 'Filter', run: () => search.current?.focus() },
    { keys: 'i', label: 'Assign to me', group: 'Actions', icon: <UserPlus size={16} />, run: assignToMe },
    { keys: 'e', label: 'Solve ticket', group: 'Actions', icon: <CheckCircle2 size={16} />, run: solve },
  ])

  // The rows keep these two; what they do is looked up when it happens.
  const act = useRef({ open: (_: number) => {}, pick })
  act.current = { open: (index) => (preview ? stand(index) : open(rows[index])), pick }
  const onOpen = useCallback((index: number) => act.current.open(index), [])
  const onPick = useCallback((index: number, range: boolean) => act.current.pick(index, range), [])

  const team = teams?.items.find((t) => String(t.id) === filters.team)
  const choose = (key: keyof Filters, name: string, options: { key: string; label: string }[]) => {
    const chosen = options.find((option) => option.key === filters[key])
    return (
      <Menu
        label={name}
        trigger={
          <Button variant="chip" className={chosen && 'border-accent bg-accent-soft'}>
            {name}
            {chosen && <strong className="font-semibold">{chosen.label}</strong>}
            <ChevronDown size={14} className="text-dim" />
          </Button>
        }
        items={[
          { key: '', label: `Any ${name.toLowerCase()}`, chosen: !chosen, run: () => set({ [key]: undefined }) },
          ...options.map((option) => ({ ...option, chosen: option === chosen, run: () => set({ [key]: option.key }) })),
        ]}
      />
    )
  }
  const loaded = useMemo(() => new Set(rows.map((row) => row.id)), [rows])
  // Whoever opened a ticket knows of it; what the filters leave out is not missed here.
  const fresh = [...live.arrivals.values()].filter(
    ({ row, by }) => by !== me?.id && !loaded.has(row.id) && matches(filters, row, me?.id),
  ).length
  const known = countOf(filters, counts)
  const total = !query.hasNextPage ? rows.length : known
  const narrow = preview && rows.length > 0
  const all = rows.length > 0 && rows.every((row) => picked.has(row.id))
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label="Queue" className="relative flex min-w-0 flex-1 flex-col">
        <header className="flex h-12 shrink-0 items-center gap-3 px-4 whitespace-nowrap">
          <h1 className="truncate text-[16px] font-semibold">{titleOf(filters, team?.name)}</h1>
          <span className="text-dim">
            {query.isSuccess && `${total?.toLocaleString() ?? `${rows.length}+`} ${total === 1 ? 'ticket' : 'tickets'}`}
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
                live.seen()
                client.invalidateQueries({ queryKey: ['queue'] })
                scroller.current?.scrollTo({ top: 0 })
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
        <div
          className={clsx(
            'flex min-h-10 shrink-0 items-center border-b border-line px-3.5 pb-2',
            narrow ? 'gap-1.5' : 'flex-wrap gap-2',
          )}
        >
          <FilterBox ref={search} value={filters.q ?? ''} onChange={(q) => set({ q })} />
          {choose('status', 'Status', statuses?.items.map((s) => ({ key: s.key, label: s.label })) ?? [])}
          {choose('priority', 'Priority', priorities?.items.map((p) => ({ key: p.key, label: p.label })) ?? [])}
          {choose('assignee', 'Assignee', [
            { key: 'me', label: 'Me' },
            { key: 'none', label: 'Nobody' },
            ...agentsOf(teams).map((a) => ({ key: String(a.id), label: a.name })),
          ])}
          {choose(
            'channel',
            'Channel',
            [
              ['email', 'E-mail'],
              ['web', 'Web'],
              ['chat', 'Chat'],
              ['phone', 'Phone'],
              ['api', 'API'],
            ].map(([key = '', label = '']) => ({ key, label })),
          )}
          {choose('sort', 'Sort', [
            { key: '-created_at', label: 'Newest' },
            { key: 'created_at', label: 'Oldest' },
            { key: '-priority', label: 'Priority' },
          ])}
          <Button
            className={clsx('ml-auto text-dim', narrow && 'px-1.5')}
            aria-pressed={preview}
            title="Space"
            onClick={() => togglePreview()}
          >
            <PanelRight size={15} /> {!narrow && 'Preview'}
            {narrow && <span className="sr-only">Preview</span>}
          </Button>
        </div>
        <div role="table" aria-label="Tickets" aria-rowcount={rows.length + 1} className="flex min-h-0 flex-1 flex-col">
          <div role="rowgroup">
            <QueueHead
              narrow={narrow}
              all={all}
              some={picked.size > 0 && !all}
              onAll={() => setPicked(new Set(all ? [] : rows.map((row) => row.id)))}
            />
          </div>
          <div
            ref={scroller}
            role="rowgroup"
            className={clsx('min-h-0 flex-1 overflow-auto', query.isPlaceholderData && 'opacity-60')}
            tabIndex={0}
            aria-label="Rows"
          >
            {query.isPending && Array.from({ length: 14 }, (_, i) => <Skeleton key={String(i)} />)}
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
                      picked={picked.has(row.id)}
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
        {picked.size > 0 && <BulkBar count={picked.size} change={change} clear={() => setPicked(new Set())} />}
      </section>
      {narrow && shownTicket !== undefined && (
        <aside
          aria-label="Preview"
          className="flex w-[clamp(420px,38vw,620px)] shrink-0 flex-col border-l border-line bg-canvas"
        >
          <TicketPanel key={shownTicket} id={shownTicket} onClose={() => togglePreview(false)} />
        </aside>
      )}
    </div>
  )
}

const Skeleton = () => (
  <div className="flex h-10 items-center gap-4 border-b border-line px-4" aria-hidden>
    <span className="h-3 w-12 animate-pulse rounded bg-hover" />
    <span className="h-3 flex-1 animate-pulse rounded bg-hover" />
    <span className="h-3 w-32 animate-pulse rounded bg-hover" />
  </div>
)
