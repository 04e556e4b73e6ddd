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

/** The same as the API asks for it: without a word about status, a queue shows active work. */
export function toQuery({ category, ...rest }: Filters): Record<string, string> {
  const query: Record<string, string> = { ...rest }
  if (!rest.status && category !== 'all') query.status_category = category ?? 'active'
  return query
}
