/** The values of each filter: their names, and what can be chosen. */
import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import type { Option } from '@/components/picker/options'
import { Avatar } from '@/components/ui/avatar'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { agentsOf, prioritiesQuery, statusesQuery, tagsQuery, teamsQuery, typeWord } from '@/desk/config'
import { TICKET_TYPES } from '@/desk/ticket-changes'
import { api, unwrap } from '@/lib/api/client'
import { useDebounced } from '@/lib/use-debounced'
import { type Facet, type Filters, PERIODS, valuesOf } from './filters'
import { t } from './messages'

const customersQuery = (q: string) =>
  queryOptions({
    queryKey: ['customers', q],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/users', { params: { query: { limit: 20, ...(q ? { q } : {}) } }, signal })),
  })

const organizationsQuery = (q: string) =>
  queryOptions({
    queryKey: ['organizations', q],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/organizations', { params: { query: { limit: 20, ...(q ? { q } : {}) } }, signal })),
  })

const nameQuery = (facet: 'requester' | 'organization', id: string) =>
  queryOptions({
    queryKey: ['name-of', facet, id],
    staleTime: 300_000,
    queryFn: async ({ signal }) => {
      const params = { path: { id: Number(id) } }
      if (facet === 'organization')
        return { name: (await unwrap(api.GET('/api/organizations/{id}', { params, signal }))).name }
      const { name, email } = await unwrap(api.GET('/api/users/{id}', { params, signal }))
      return { name, email }
    },
  })

/** Until its name is read, or when it is no number at all. */
const byNumber = (value: string) => (/^\d+$/.test(value) ? `#${value}` : `“${value}”`)

/** What the chips say, and what the look-ups behind them did not answer. */
export function useFacets(filters: Filters) {
  const statuses = useQuery(statusesQuery)
  const priorities = useQuery(prioritiesQuery)
  const teams = useQuery(teamsQuery)
  const wanted = (['requester', 'organization'] as const).flatMap((facet) =>
    valuesOf(filters, facet).map((id) => ({ facet, id })),
  )
  const named = useQueries({ queries: wanted.map(({ facet, id }) => nameQuery(facet, id)) })
  const names = new Map(wanted.map(({ facet, id }, at) => [`${facet}-${id}`, named[at]?.data]))
  const label = (facet: Facet, value: string): string => {
    switch (facet) {
      case 'status':
        return statuses.data?.items.find(({ key }) => key === value)?.label ?? value
      case 'priority':
        return priorities.data?.items.find(({ key }) => key === value)?.label ?? value
      case 'assignee':
        if (value === 'me') return t.me
        if (value === 'none') return t.nobody
        return agentsOf(teams.data).find(({ id }) => String(id) === value)?.name ?? byNumber(value)
      case 'team':
        if (value === 'none') return t.noTeam
        return teams.data?.items.find(({ id }) => String(id) === value)?.name ?? byNumber(value)
      case 'channel':
        return (t.channel as Record<string, string>)[value] ?? value
      case 'type':
        return typeWord(value)
      case 'created':
      case 'updated':
        return (t.period as Record<string, string>)[value] ?? value
      case 'tag':
      case 'external_id':
        return value
      default:
        return names.get(`${facet}-${value}`)?.name ?? byNumber(value)
    }
  }
  return {
    label,
    /** Names of organizations and addresses of customers, as conditions of a view say them. */
    names: new Map(
      [...names].flatMap(([key, found]) => {
        const name = found && (key.startsWith('requester') && 'email' in found ? found.email : found.name)
        return name ? [[key, name] as const] : []
      }),
    ),
    failed: [statuses, priorities, teams].filter((each) => each.isError),
  }
}

const CATEGORIES = ['active', 'new', 'open', 'pending', 'on_hold', 'solved', 'closed', 'all'] as const

export const isCategory = (key: string) => key.startsWith('category:')

/** What can be chosen for a filter; `typed` narrows what is looked up. */
export function useFacetOptions(facet: Facet, filters: Filters, typed: string) {
  const statuses = useQuery(statusesQuery)
  const priorities = useQuery(prioritiesQuery)
  const teams = useQuery(teamsQuery)
  const q = useDebounced(typed.trim(), 150)
  const tags = useQuery({ ...tagsQuery(q), enabled: facet === 'tag' })
  const customers = useQuery({ ...customersQuery(q), enabled: facet === 'requester' })
  const organizations = useQuery({ ...organizationsQuery(q), enabled: facet === 'organization' })
  const chosen = valuesOf(filters, facet)
  const of = (options: Option[]): Option[] =>
    options.map((option) => ({ ...option, chosen: chosen.includes(option.key) }))
  const state = (query: { isError: boolean; isPending: boolean; refetch: () => unknown }) => ({
    loading: query.isPending,
    onRetry: query.isError ? () => void query.refetch() : undefined,
  })
  const keyed = (texts: Record<string, string>) => of(Object.entries(texts).map(([key, label]) => ({ key, label })))
  switch (facet) {
    case 'status': {
      const category = filters.category ?? (filters.status ? undefined : 'active')
      return {
        ...state(statuses),
        options: [
          ...of(
            (statuses.data?.items ?? []).map(({ key, label, category }) => ({
              key,
              label,
              icon: <StatusIcon category={category} label="" />,
            })),
          ),
          ...CATEGORIES.filter((each) => each === 'active' || each === 'all').map((each) => ({
            key: `category:${each}`,
            label: t.category[each],
            chosen: category === each,
          })),
        ],
      }
    }
    case 'priority':
      return {
        ...state(priorities),
        options: of(
          (priorities.data?.items ?? []).map(({ key, label }) => ({
            key,
            label,
            icon: <PriorityIcon priority={key} />,
          })),
        ),
      }
    case 'assignee':
      return {
        ...state(teams),
        options: of([
          { key: 'me', label: t.me },
          { key: 'none', label: t.nobody, icon: <Avatar size={18} /> },
          ...agentsOf(teams.data).map(({ id, name }) => ({
            key: String(id),
            label: name,
            icon: <Avatar name={name} size={18} />,
          })),
        ]),
      }
    case 'team':
      return {
        ...state(teams),
        options: of([
          { key: 'none', label: t.noTeam },
          ...(teams.data?.items ?? []).map(({ id, name, color }) => ({
            key: String(id),
            label: name,
            icon: <span className="size-2 rounded-[2px]" style={{ background: color }} />,
          })),
        ]),
      }
    case 'channel':
      return { loading: false, onRetry: undefined, options: keyed(t.channel) }
    case 'type':
      return {
        loading: false,
        onRetry: undefined,
        options: of(TICKET_TYPES.map((key) => ({ key, label: typeWord(key) }))),
      }
    case 'created':
    case 'updated':
      return {
        loading: false,
        onRetry: undefined,
        options: of(
          Object.keys(PERIODS).map((key) => ({ key, label: (t.period as Record<string, string>)[key] ?? key })),
        ),
      }
    case 'external_id': {
      // Whoever looks for one has it from elsewhere: it is typed or pasted whole.
      const wanted = [...new Set([typed.trim(), ...chosen])].filter(Boolean)
      return {
        loading: false,
        onRetry: undefined,
        lookedUp: true,
        options: of(wanted.map((key) => ({ key, label: key }))),
      }
    }
    case 'tag':
      return {
        ...state(tags),
        lookedUp: true,
        options: of((tags.data?.items ?? []).map(({ name }) => ({ key: name, label: name }))),
      }
    case 'requester':
      return {
        ...state(customers),
        lookedUp: true,
        options: of(
          (customers.data?.items ?? []).map(({ id, name, email }) => ({
            key: String(id),
            label: name,
            hint: email ?? undefined,
          })),
        ),
      }
    default:
      return {
        ...state(organizations),
        lookedUp: true,
        options: of((organizations.data?.items ?? []).map(({ id, name }) => ({ key: String(id), label: name }))),
      }
  }
}
