import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import { Check, ChevronDown, Globe, Mail, MessageCircle, Phone, Search, UserPlus, Webhook, X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useCommands } from '@/app/commands'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { Tag } from '@/components/ui/tag'
import { TimeAgo } from '@/components/ui/time-ago'
import { meQuery } from '@/features/auth/queries'
import { useLiveState } from '@/realtime/use-live'
import type { Filters } from './filters'
import {
  agentsOf,
  countsQuery,
  prioritiesQuery,
  queueQuery,
  type Row,
  statusesQuery,
  teamsQuery,
  useUpdateTickets,
} from './queries'

const ROW = 40
const CHANNEL: Record<string, typeof Mail> = {
  email: Mail,
  web: Globe,
  chat: MessageCircle,
  phone: Phone,
  api: Webhook,
}

const title = (filters: Filters, teamName?: string) => {
  if (filters.team) return teamName ?? 'Team'
  if (filters.assignee === 'me') return 'Assigned to me'
  if (filters.assignee === 'none') return 'Unassigned'
  if (filters.category === 'pending') return 'Waiting on customer'
  if (filters.category === 'on_hold') return 'On hold'
  return filters.category === 'all' ? 'Everything' : 'All active'
}

export function Queue() {
  const filters = useSearch({ from: '/desk/' })
  const navigate = useNavigate()
  const client = useQueryClient()
  const { data: me } = useQuery(meQuery)
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const { data: counts } = useQuery(countsQuery)
  const query = useInfiniteQuery(queueQuery(filters))
  const update = useUpdateTickets()
  const live = useLiveState()
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const [cursor, setCursor] = useState(0)
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set())
  const scroller = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()

  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - 30 && query.hasNextPage && !query.isFetchingNextPage) query.fetchNextPage()
  }, [last, rows.length, query])

  const set = (change: Partial<Filters>) => {
    const next = { ...filters, ...change }
    for (const key of Object.keys(next) as (keyof Filters)[]) if (!next[key]) delete next[key]
    navigate({ to: '/', search: next, replace: true })
    setCursor(0)
  }
  const move = (by: number) => {
    const next = Math.min(Math.max(cursor + by, 0), rows.length - 1)
    setCursor(next)
    virtual.scrollToIndex(next)
  }
  const open = (row: Row | undefined) => row && navigate({ to: '/tickets/$id', params: { id: String(row.id) } })
  const pick = (id: number) => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  const target = () => (picked.size ? [...picked] : rows[cursor] ? [rows[cursor].id] : [])
  const change = (body: object) => {
    update.mutate({ ids: target(), body })
    setPicked(new Set())
  }
  useCommands([
    { keys: 'j', label: 'Next ticket', run: () => move(1) },
    { keys: 'k', label: 'Previous ticket', run: () => move(-1) },
    { keys: 'Enter', label: 'Open the ticket', run: () => open(rows[cursor]) },
    { keys: 'x', label: 'Select the ticket', run: () => rows[cursor] && pick(rows[cursor].id) },
    { keys: 'Escape', label: 'Clear the selection', run: () => setPicked(new Set()) },
    { keys: '/', label: 'Filter', run: () => search.current?.focus() },
    { keys: 'i', label: 'Assign to me', run: () => me && change({ assignee_id: me.id }) },
    { keys: 'e', label: 'Solve', run: () => change({ status: 'solved' }) },
  ])

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
  const agents = agentsOf(teams)
  const grid = 'grid grid-cols-[28px_58px_24px_24px_minmax(220px,1fr)_150px_190px_28px_44px_52px] items-center gap-2'
  return (
    <>
      <header className="flex h-12 shrink-0 items-center gap-3 px-4">
        <h1 className="text-[16px] font-semibold">{title(filters, team?.name)}</h1>
        <span className="text-dim">{query.hasNextPage ? `${rows.length}+` : rows.length} tickets</span>
        <span className="flex items-center gap-1.5 text-dim" role="status">
          <span className={clsx('size-2 rounded-full', live.connected ? 'bg-green' : 'bg-amber')} />
          {live.connected ? 'Live' : 'Reconnecting…'}
        </span>
        {live.fresh > 0 && (
          <Button
            variant="primary"
            className="rounded-full"
            onClick={() => {
              live.seen()
              client.invalidateQueries({ queryKey: ['queue'] })
              scroller.current?.scrollTo({ top: 0 })
            }}
          >
            {live.fresh} new
          </Button>
        )}
        <span className="ml-auto text-[12px] text-dim">{counts ? `${counts.views.unassigned} unassigned` : ''}</span>
      </header>
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line px-3.5 pb-2">
        <label className="flex h-7 w-44 items-center gap-1.5 rounded-md border border-line bg-raised px-2 focus-within:border-accent">
          <Search size={14} className="text-dim" aria-hidden />
          <input
            ref={search}
            aria-label="Filter by subject"
            placeholder="Filter…"
            className="w-full bg-transparent outline-none placeholder:text-dim"
            defaultValue={filters.q ?? ''}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
            onChange={(event) => set({ q: event.target.value })}
          />
        </label>
        {choose('status', 'Status', statuses?.items.map((s) => ({ key: s.key, label: s.label })) ?? [])}
        {choose('priority', 'Priority', priorities?.items.map((p) => ({ key: p.key, label: p.label })) ?? [])}
        {choose('assignee', 'Assignee', [
          { key: 'me', label: 'Me' },
          { key: 'none', label: 'Nobody' },
          ...agents.map((a) => ({ key: String(a.id), label: a.name })),
        ])}
        {choose(
          'channel',
          'Channel',
          ['email', 'web', 'chat', 'phone', 'api'].map((key) => ({ key, label: key })),
        )}
        {choose('sort', 'Sort', [
          { key: '-created_at', label: 'Newest' },
          { key: 'created_at', label: 'Oldest' },
          { key: '-priority', label: 'Priority' },
        ])}
      </div>
      <div role="table" aria-label="Tickets" aria-rowcount={rows.length} className="flex min-h-0 flex-1 flex-col">
        <div role="row" className={clsx(grid, 'h-9 shrink-0 border-b border-line px-4 text-[12px] text-dim')}>
          {['', 'ID', 'P', 'S', 'Subject', 'Tags', 'Customer', 'Via', 'Agent', 'Updated'].map((name) => (
            <span
              key={name}
              role="columnheader"
              className={name === 'Updated' ? 'text-right' : ''}
              aria-label={{ '': 'Selected', P: 'Priority', S: 'Status' }[name] ?? name}
            >
              {name.length > 1 ? name : ''}
            </span>
          ))}
        </div>
        <div ref={scroller} role="rowgroup" className="min-h-0 flex-1 overflow-auto" tabIndex={0} aria-label="Rows">
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
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, start }) => {
              const row = rows[index]
              if (!row) return null
              const Via = CHANNEL[row.channel] ?? Globe
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard goes through the command registry
                <div
                  key={row.id}
                  role="row"
                  aria-rowindex={index + 1}
                  aria-selected={index === cursor}
                  tabIndex={-1}
                  data-ticket={row.id}
                  onClick={() => open(row)}
                  className={clsx(
                    grid,
                    'group absolute inset-x-0 cursor-pointer border-b border-line px-4',
                    picked.has(row.id) ? 'bg-picked' : index === cursor ? 'bg-chosen' : 'hover:bg-hover',
                  )}
                  style={{ height: ROW, transform: `translateY(${start}px)` }}
                >
                  <span role="cell">
                    <input
                      type="checkbox"
                      aria-label={`Select ticket ${row.id}`}
                      checked={picked.has(row.id)}
                      onClick={(event) => event.stopPropagation()}
                      onChange={() => pick(row.id)}
                      className={clsx(
                        'size-4 accent-[var(--accent)]',
                        !picked.has(row.id) &&
                          index !== cursor &&
                          'opacity-0 group-hover:opacity-100 focus:opacity-100',
                      )}
                    />
                  </span>
                  <span role="cell" className="text-dim">
                    {row.id}
                  </span>
                  <span role="cell">
                    <PriorityIcon priority={row.priority} />
                  </span>
                  <span role="cell">
                    <StatusIcon category={row.status_category} label={row.status} />
                  </span>
                  <span role="cell" className="truncate">
                    <span className="font-medium">{row.subject}</span>
                    <span className="ml-2 text-dim">{row.snippet}</span>
                  </span>
                  <span role="cell" className="flex gap-1 overflow-hidden">
                    {row.tags.slice(0, 2).map((tag) => (
                      <Tag key={tag} name={tag} />
                    ))}
                  </span>
                  <span role="cell" className="truncate">
                    {row.requester.name} <span className="ml-1 text-dim">{row.organization?.name}</span>
                  </span>
                  <span role="cell">
                    <Via size={15} className="text-dim" role="img" aria-label={row.channel} />
                  </span>
                  <span role="cell">
                    <Avatar name={row.assignee?.name} />
                  </span>
                  <span role="cell" className="text-right text-dim">
                    <TimeAgo at={row.updated_at} />
                  </span>
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {picked.size > 0 && (
        <div
          role="toolbar"
          aria-label="Selected tickets"
          className="absolute bottom-12 left-1/2 z-30 flex items-center gap-1 rounded-xl border border-line bg-raised p-1.5 shadow-xl"
        >
          <strong className="px-2 font-semibold">{picked.size} selected</strong>
          <Menu
            label="Assign"
            trigger={
              <Button>
                <UserPlus size={15} /> Assign
              </Button>
            }
            items={agents.map((agent) => ({
              key: String(agent.id),
              label: agent.name,
              run: () => change({ assignee_id: agent.id }),
            }))}
          />
          <Menu
            label="Status"
            trigger={
              <Button>
                <Check size={15} /> Status
              </Button>
            }
            items={
              statuses?.items.map((s) => ({
                key: s.key,
                label: s.label,
                icon: <StatusIcon category={s.category} />,
                run: () => change({ status: s.key }),
              })) ?? []
            }
          />
          <Button onClick={() => setPicked(new Set())} aria-label="Clear the selection">
            <X size={15} />
          </Button>
        </div>
      )}
    </>
  )
}

const Skeleton = () => (
  <div className="flex h-10 items-center gap-4 border-b border-line px-4" aria-hidden>
    <span className="h-3 w-12 animate-pulse rounded bg-hover" />
    <span className="h-3 flex-1 animate-pulse rounded bg-hover" />
    <span className="h-3 w-32 animate-pulse rounded bg-hover" />
  </div>
)
