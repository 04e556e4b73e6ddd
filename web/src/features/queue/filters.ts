/** The filters of a queue: how they stand in the address, what the API is asked, and which rows they let through. */
import type { Row } from '@/desk/tickets'
import type { Schemas } from '@/lib/api/client'

/** What a list can be narrowed by, with one value or several separated by commas. */
export const FACETS = [
  'status',
  'priority',
  'assignee',
  'team',
  'channel',
  'type',
  'tag',
  'requester',
  'organization',
  'created',
  'updated',
  'external_id',
] as const

export type Facet = (typeof FACETS)[number]

const KEYS = ['view', 'edited', 'category', ...FACETS, 'q', 'sort', 'group', 'columns'] as const

type Key = (typeof KEYS)[number]

/**
 * As the address has them, so that a list can be linked to. `view` is a saved view; with `edited` the rest of the
 * address stands in place of what the view has saved. `category` is `active` when it is missing, and `all` lifts that.
 */
export type Filters = { [K in Key]?: string }

export type Change = Partial<Record<Key, string | undefined>>

export function readFilters(search: Record<string, unknown>): Filters {
  const filters: Filters = {}
  for (const key of KEYS) {
    const value = search[key]
    if (typeof value === 'string' || typeof value === 'number') filters[key] = String(value)
  }
  return filters
}

/** These filters with some changed; an empty value removes a filter, except an order or a group that a view has. */
export function withFilters(filters: Filters, change: Change): Filters {
  const next = { ...filters, ...change } as Filters
  for (const key of KEYS) if (!next[key]) delete next[key]
  return next
}

/** Facets that hold one value at most; an external id may have commas. */
export const isSingle = (facet: Facet) => facet === 'created' || facet === 'updated' || facet === 'external_id'

export const valuesOf = (filters: Filters, facet: Facet): string[] =>
  (isSingle(facet) ? [filters[facet] ?? ''] : (filters[facet]?.split(',') ?? [])).filter(Boolean)

/** The value added, or taken away when it is there. */
export const toggled = (values: string[], value: string): string =>
  (values.includes(value) ? values.filter((each) => each !== value) : [...values, value]).join(',')

/** Periods back from now: their hours. */
export const PERIODS: Record<string, number> = { '24h': 24, '7d': 168, '30d': 720, '90d': 2160 }

const since = (period: string | undefined, now: number) => {
  const hours = PERIODS[period ?? '']
  // By the minute, so that the same list is the same question for a while.
  // A period that there is not is refused by the API, and told so.
  return hours === undefined ? period : new Date(Math.floor(now / 60_000) * 60_000 - hours * 3_600_000).toISOString()
}

export const isNarrowed = (filters: Filters) =>
  Boolean(filters.category || filters.q || FACETS.some((facet) => filters[facet]))

export type ListQuery = Record<string, string>

/** The parameters of the API that narrow a list; without a status or a category, a queue shows active work. */
export function narrowing(filters: Filters, ofView = false, now = Date.now()): ListQuery {
  const query: ListQuery = {}
  for (const key of FACETS) {
    const value = filters[key]
    if (value && key !== 'created' && key !== 'updated') query[key] = value
  }
  const created = since(filters.created, now)
  const updated = since(filters.updated, now)
  if (created) query.created_after = created
  if (updated) query.updated_after = updated
  if (filters.q) query.q = filters.q
  const category = filters.category ?? (ofView || filters.status ? 'all' : 'active')
  if (category !== 'all') query.status_category = category
  return query
}

/** The same with the order, the groups and the custom fields of the columns. */
export function toQuery(filters: Filters, ofView = false, now = Date.now()): ListQuery {
  const query = narrowing(filters, ofView, now)
  if (filters.sort) query.sort = filters.sort
  if (filters.group) query.group_by = filters.group
  const custom = filters.columns?.split(',').flatMap((column) => column.match(/^custom\.(.+)$/)?.[1] ?? [])
  if (custom?.length) query.custom = custom.join(',')
  return query
}

const isOneOf = (wanted: string | undefined, value: string) => !wanted || wanted.split(',').includes(value)

const refersTo = (wanted: string | undefined, id: number | undefined, me?: number) =>
  !wanted ||
  wanted
    .split(',')
    .some((each) => (each === 'none' ? id === undefined : String(id) === (each === 'me' ? String(me) : each)))

/** Whether a row that was just changed here would still be listed: shown so until the API is asked again. */
export function matches(filters: Filters, row: Row, me: number | undefined): boolean {
  const { status_category = '' } = narrowing(filters)
  const q = filters.q?.toLowerCase()
  const tags = row.tags.map((tag) => tag.toLowerCase())
  return (
    isOneOf(status_category.replace('active', 'new,open,pending,on_hold'), row.status_category) &&
    isOneOf(filters.status, row.status) &&
    isOneOf(filters.priority, row.priority) &&
    isOneOf(filters.channel, row.channel) &&
    isOneOf(filters.type, row.type) &&
    refersTo(filters.assignee, row.assignee?.id, me) &&
    refersTo(filters.team, row.team?.id) &&
    refersTo(filters.requester, row.requester.id) &&
    refersTo(filters.organization, row.organization?.id) &&
    (!filters.tag ||
      filters.tag
        .toLowerCase()
        .split(',')
        .some((tag) => tags.includes(tag))) &&
    (!q || row.subject.toLowerCase().includes(q) || String(row.id) === q)
  )
}

/** How many tickets a list holds, where the counts beside the views say so; `undefined`: it is to be counted. */
export function countOf(filters: Filters, counts: Schemas['Counts'] | undefined): number | undefined {
  const { sort: _, group: __, columns: ___, ...rest } = filters
  const keys = Object.keys(rest)
  if (!counts || keys.length > 1) return undefined
  if (rest.team && !rest.team.includes(',') && rest.team !== 'none') return Number(counts.teams[rest.team] ?? 0)
  const view = keys.length
    ? { me: 'mine', none: 'unassigned', pending: 'waiting', on_hold: 'on_hold', all: 'all' }[
        rest.assignee ?? rest.category ?? ''
      ]
    : 'active'
  return view === undefined ? undefined : Number(counts.views[view] ?? 0)
}
