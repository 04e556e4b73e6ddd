/** The list that the address names, with the view behind it. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { statusesQuery, teamsQuery } from '@/desk/config'
import { viewsQuery } from '@/desk/views'
import { filtersOf } from './conditions'
import type { Filters } from './filters'
import { type List, listOf } from './list'

const NO_NAMES: ReadonlyMap<string, string> = new Map()

/** `missing`: the address names a view that this agent does not have (any more). */
export function useList(search: Filters): { list: List | undefined; missing: boolean; error: Error | null } {
  const { data: statuses } = useQuery(statusesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const views = useQuery(viewsQuery)
  const key = JSON.stringify(search)
  const view = search.view === undefined ? undefined : views.data?.items.find(({ id }) => String(id) === search.view)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the search is compared by what it says
  const list = useMemo(() => {
    if (search.view === undefined) return listOf(search, undefined, undefined)
    if (!view || !statuses || !teams) return undefined
    const saved = filtersOf(view.conditions, { statuses: statuses.items, teams: teams.items, names: NO_NAMES })
    return listOf(search, view, saved)
  }, [key, view, statuses, teams])
  return { list, missing: search.view !== undefined && views.isSuccess && !view, error: views.error }
}
