/** Values of a ticket in words, as notices about them say. */
import { useQuery } from '@tanstack/react-query'
import { agentsOf, customFieldsQuery, prioritiesQuery, statusesQuery, teamsQuery, typeWord } from '@/desk/config'
import { optionsOf } from '@/desk/fields/custom-field'
import { useTimes } from '@/desk/times'
import { t } from './details/messages'

/** How a field is called and how its values read; `path` as the API's problems have it: `custom.seats`, `team_id`. */
export function useValueWords() {
  const { data: fields } = useQuery(customFieldsQuery)
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const { exact } = useTimes()
  const fieldAt = (path: string) => fields?.items.find(({ key }) => path === `custom.${key}`)

  const label = (path: string): string => fieldAt(path)?.label ?? t.names[path] ?? path

  const value = (path: string, given: unknown): string => {
    if (given === null || given === undefined || given === '' || (Array.isArray(given) && !given.length))
      return t.nothing
    const field = fieldAt(path)
    if (field) {
      const named = (one: unknown) => optionsOf(field).find((option) => option.value === one)?.label ?? String(one)
      if (Array.isArray(given)) return given.map(named).join(', ')
      if (typeof given === 'boolean') return given ? t.yes : t.no
      return field.type === 'datetime' ? exact(String(given)) : named(given)
    }
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
