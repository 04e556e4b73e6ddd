/** The organizations and customers that a view's conditions name: filters know them by their ids. */
import { queryOptions, useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { namedIn } from './conditions'

const MINUTES = 60_000

/** The id of what is called so, or null when nobody is. */
const idQuery = (kind: 'organization' | 'requester', name: string) =>
  queryOptions({
    queryKey: ['id-of', kind, name],
    staleTime: 5 * MINUTES,
    queryFn: async ({ signal }) => {
      if (kind === 'requester') {
        const { items } = await unwrap(api.GET('/api/users', { params: { query: { email: name, limit: 1 } }, signal }))
        return items[0]?.id ?? null
      }
      const { items } = await unwrap(
        api.GET('/api/organizations', { params: { query: { q: name, limit: 200 } }, signal }),
      )
      return items.find((each) => each.name === name)?.id ?? null
    },
  })

/**
 * Ids by `organization-<name>` and `requester-<address>`; undefined until all have been looked up. What is not found, or
 * cannot be looked up, has none: the conditions that name it stay the API's.
 */
export function useNamed(conditions: Schemas['Condition'] | undefined): ReadonlyMap<string, string> | undefined {
  const wanted = conditions ? namedIn(conditions) : []
  const found = useQueries({ queries: wanted.map(({ kind, name }) => idQuery(kind, name)) })
  const entries = wanted.flatMap(({ kind, name }, at): [string, string][] => {
    const id = found[at]?.data
    return id ? [[`${kind}-${name}`, String(id)]] : []
  })
  const key = JSON.stringify(entries)
  const pending = found.some(({ isPending }) => isPending)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the entries are compared by what they say
  return useMemo(() => (pending ? undefined : new Map(entries)), [key, pending])
}
