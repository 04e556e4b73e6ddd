import type { Schemas } from '@/lib/api/client'

/** A view of the queue, as it stands in the address. */
export interface Filters {
  category?: string
  status?: string
  priority?: string
  assignee?: string
  team?: string
  channel?: string
  q?: string
  sort?: string
}

const KEYS = ['category', 'status', 'priority', 'assignee', 'team', 'channel', 'q', 'sort'] as const

export function readFilters(search: Record<string, unknown>): Filters {
  const filters: Filters = {}
  for (const key of KEYS) {
    const value = search[key]
    if (typeof value === 'string' || typeof value === 'number') filters[key] = String(value)
  }
  return filters
}

/** These filters with some changed; an empty value takes a filter away. */
export function withFilters(filters: Filters, change: Partial<Record<keyof Filters, string | undefined>>): Filters {
  const next = { ...filters, ...change } as Filters
  for (const key of KEYS) if (!next[key]) delete next[key]
  return next
}

/** The same as the API asks for it: without a word about status, a queue shows active work. */
export function toQuery({ category, ...rest }: Filters): Record<string, string> {
  const query: Record<string, string> = { ...rest }
  if (!rest.status && category !== 'all') query.status_category = category ?? 'active'
  return query
}

type Row = Schemas['QueueRow']

const among = (wanted: string | undefined, value: string) => !wanted || wanted.split(',').includes(value)

const names = (wanted: string | undefined, id: number | undefined, me?: number) => {
  if (!wanted) return true
  if (wanted === 'none') return id === undefined
  return id !== undefined && String(id) === (wanted === 'me' ? String(me) : wanted)
}

/** Whether the API would list this row under these filters. */
export function matches(filters: Filters, row: Row, me: number | undefined): boolean {
  const { status_category = '' } = toQuery(filters)
  const q = filters.q?.toLowerCase()
  return (
    among(status_category.replace('active', 'new,open,pending,on_hold'), row.status_category) &&
    among(filters.status, row.status) &&
    among(filters.priority, row.priority) &&
    among(filters.channel, row.channel) &&
    names(filters.assignee, row.assignee?.id, me) &&
    names(filters.team, row.team?.id) &&
    (!q || row.subject.toLowerCase().includes(q) || String(row.id) === q)
  )
}

/** How many tickets a view holds, where the desk counts it; a narrower list is not counted. */
export function countOf({ sort: _, ...filters }: Filters, counts: Schemas['Counts'] | undefined): number | undefined {
  const keys = Object.keys(filters)
  if (!counts || keys.length > 1) return undefined
  if (filters.team) return Number(counts.teams[filters.team] ?? 0)
  const view = keys.length
    ? { me: 'mine', none: 'unassigned', pending: 'waiting', on_hold: 'on_hold', all: 'all' }[
        filters.assignee ?? filters.category ?? ''
      ]
    : 'active'
  return view === undefined ? undefined : Number(counts.views[view] ?? 0)
}
