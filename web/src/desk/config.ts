/** The desk's configuration as every feature reads it: teams, statuses, priorities, custom fields and tags. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { t } from './messages'
import en from './messages/en'

export type Status = Schemas['Status']
export type Agent = { id: number; name: string }

const HOUR = 3_600_000
const WHOLE_LIST = { params: { query: { limit: 200 } } }

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  staleTime: HOUR,
  queryFn: ({ signal }) => unwrap(api.GET('/api/teams', { ...WHOLE_LIST, signal })),
})

/**
 * Statuses and priorities that every desk begins with read in the language of the interface, as long as nobody has
 * given them a label of their own.
 */
const inOwnWords = <T extends { items: { key: string; label: string }[] }>(
  page: T,
  seeded: Record<string, string>,
  words: Record<string, string>,
): T => ({
  ...page,
  items: page.items.map((item) =>
    seeded[item.key] === item.label ? { ...item, label: words[item.key] ?? item.label } : item,
  ),
})

/** The same for a label of which the key is not known. */
export function inOwnWord(column: 'status' | 'priority', label: string): string {
  const [seeded, words]: [Record<string, string>, Record<string, string>] =
    column === 'status' ? [en.statuses, t.statuses] : [en.priorities, t.priorities]
  const key = Object.keys(seeded).find((each) => seeded[each] === label)
  return (key && words[key]) ?? label
}

/** A status or a priority by its label on this desk; until the desk's are read, as every desk begins. */
export function labelIn(
  page: { items: { key: string; label: string }[] } | undefined,
  column: 'status' | 'priority',
  key: string,
): string {
  const words: Record<string, string> = column === 'status' ? t.statuses : t.priorities
  return page?.items.find((item) => item.key === key)?.label ?? words[key] ?? key
}

/** The type of a ticket in the language of the interface. */
export const typeWord = (key: string): string => (t.types as Record<string, string>)[key] ?? key

export const statusesQuery = queryOptions({
  queryKey: ['statuses'],
  staleTime: HOUR,
  queryFn: async ({ signal }) =>
    inOwnWords(await unwrap(api.GET('/api/statuses', { ...WHOLE_LIST, signal })), en.statuses, t.statuses),
})

export const prioritiesQuery = queryOptions({
  queryKey: ['priorities'],
  staleTime: HOUR,
  queryFn: async ({ signal }) =>
    inOwnWords(await unwrap(api.GET('/api/priorities', { ...WHOLE_LIST, signal })), en.priorities, t.priorities),
})

export const customFieldsQuery = queryOptions({
  queryKey: ['custom-fields'],
  staleTime: HOUR,
  queryFn: ({ signal }) => unwrap(api.GET('/api/custom-fields', { ...WHOLE_LIST, signal })),
})

export const formsQuery = queryOptions({
  queryKey: ['ticket-forms'],
  staleTime: HOUR,
  queryFn: ({ signal }) => unwrap(api.GET('/api/ticket-forms', { ...WHOLE_LIST, signal })),
})

export const skillsQuery = queryOptions({
  queryKey: ['skills'],
  staleTime: HOUR,
  queryFn: ({ signal }) => unwrap(api.GET('/api/skills', { ...WHOLE_LIST, signal })),
})

/** Tags are single words. */
export const asTag = (text: string) => text.trim().replace(/[\s,]+/g, '-')

/** The tags that fit a text, or, for none, those that are used most where one may see that. */
export const tagsQuery = (q: string) =>
  queryOptions({
    queryKey: ['tags', q],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = q ? { limit: 20, q } : { limit: 200 }
      const { items } = await unwrap(api.GET('/api/tags', { params: { query }, signal }))
      return { items: items.toSorted((a, b) => (b.tickets ?? 0) - (a.tickets ?? 0)).slice(0, 20) }
    },
  })

/** The agents that a ticket can be assigned to: the members of teams. */
export const agentsOf = (teams: Schemas['Page_Team'] | undefined): Agent[] => {
  const people = new Map<number, string>()
  for (const team of teams?.items ?? []) for (const member of team.members) people.set(member.id, member.name)
  return [...people].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
}

/** The status that stands for its category, as the API chooses it: keys and labels are the desk's own to rename. */
export const statusOf = (statuses: Schemas['Page_Status'] | undefined, category: string): Status | undefined =>
  statuses?.items
    .filter((status) => status.active && status.category === category)
    .reduce<Status | undefined>((first, next) => (first && first.position <= next.position ? first : next), undefined)
