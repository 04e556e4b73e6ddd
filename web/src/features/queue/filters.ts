/** The filters of a queue: how they stand in the address, what the API is asked, and which rows they let through. */
import type { Schemas } from '@/lib/api/client'

/** As the address has them, so that a view can be linked to. */
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

/** These filters with some changed; an empty value removes a filter. */
export function withFilters(filters: Filters, change: Partial<Record<keyof Filters, string | undefined>>): Filters {
  const next = { ...filters, ...change } as Filters
  for (const key of KEYS) if (!next[key]) delete next[key]
  return next
}

/** The parameters of the API for these filters; without a status or a category, a queue shows active work. */
export function toQuery({ category, ...rest }: Filters): Record<string, string> {
  const query: Record<string, string> = { ...rest }
  if (!rest.status && category !== 'all') query.status_category = category ?? 'active'
  return query
}

type Row = Schemas['QueueRow']

const isOneOf = (wanted: string | undefined, value: string) => !wanted || wanted.split(',').includes(value)

const refersTo = (wanted: string | undefined, id: number | undefined, me?: number) => {
  if (!wanted) return true
  if (wanted === 'none') return id === undefined
  return id !== undefined && String(id) === (wanted === 'me' ? String(me) : wanted)
}

/** Whether the API would list this row under these filters. */
export function matches(filters: Filters, row: Row, me: number | undefined): boolean {
  const { status_category = '' } = toQuery(filters)
  const q = filters.q?.toLowerCase()
  return (
    isOneOf(status_category.replace('active', 'new,open,pending,on_hold'), row.status_category) &&
    isOneOf(filters.status, row.status) &&
    isOneOf(filters.priority, row.priority) &&
    isOneOf(filters.channel, row.channel) &&
    refersTo(filters.assignee, row.assignee?.id, me) &&
    refersTo(filters.team, row.team?.id) &&
    (!q || row.subject.toLowerCase().includes(q) || String(row.id) === q)
  )
}

/** How many tickets a view holds, where the desk counts them; a narrower list is not counted. */
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
