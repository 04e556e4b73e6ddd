/** Values of a ticket in words, as notices about them say. */
import { useQuery } from '@tanstack/react-query'
import { agentsOf, prioritiesQuery, statusesQuery, teamsQuery, typeWord } from '@/desk/config'
import { NOTHING_SHOWN, type ShownValue, useFieldWords } from '@/desk/field-words'
import { t } from './details/messages'

/** How a field is called and how its values read; `path` as the API's problems have it: `custom.seats`, `team_id`. */
export function useValueWords(shown: readonly ShownValue[] = NOTHING_SHOWN) {
  const custom = useFieldWords(shown)
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const { data: teams } = useQuery(teamsQuery)

  const label = (path: string): string => custom.label(path) ?? t.names[path] ?? path

  const value = (path: string, given: unknown): string => {
    if (given === null || given === undefined || given === '' || (Array.isArray(given) && !given.length))
      return t.nothing
    if (path.startsWith('custom.')) return custom.value(path, given) ?? t.nothing
    const items = { status: statuses?.items, priority: priorities?.items }[path]
    if (items) return items.find(({ key }) => key === given)?.label ?? String(given)
    if (path === 'team_id') return teams?.items.find(({ id }) => id === given)?.name ?? String(given)
    if (path === 'assignee_id') return agentsOf(teams).find(({ id }) => id === given)?.name ?? String(given)
    if (path === 'type') return typeWord(String(given))
    if (Array.isArray(given)) return given.join(', ')
    if (typeof given === 'object') return Object.keys(given).join(', ') || t.nothing
    return String(given)
  }
  return { label, value }
}
