/** The list that the address names, with the view behind it. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { statusesQuery, teamsQuery } from '@/desk/config'
import { viewsQuery } from '@/desk/views'
import { filtersOf } from './conditions'
import type { Filters } from './filters'
import { type List, listOf } from './list'
import { useNamed } from './use-named'

/** `missing`: the address names a view that this agent does not have (any more). */
export function useList(search: Filters): {
  list: List | undefined
  missing: boolean
  error: Error | null
  /** Reads again what could not be read. */
  retry: () => void
} {
  const statusesRead = useQuery(statusesQuery)
  const teamsRead = useQuery(teamsQuery)
  const views = useQuery(viewsQuery)
  const statuses = statusesRead.data
  const teams = teamsRead.data
  const failed = [views, statusesRead, teamsRead].filter(({ isError }) => isError)
  const key = JSON.stringify(search)
  const view = search.view === undefined ? undefined : views.data?.items.find(({ id }) => String(id) === search.view)
  const ids = useNamed(view?.conditions)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the search is compared by what it says
  const list = useMemo(() => {
    if (search.view === undefined) return listOf(search, undefined, undefined)
    if (!view || !statuses || !teams || !ids) return undefined
    const saved = filtersOf(view.conditions, { statuses: statuses.items, teams: teams.items, ids })
    return listOf(search, view, saved)
  }, [key, view, statuses, teams, ids])
  return {
    list,
    missing: search.view !== undefined && views.isSuccess && !view,
    error: failed[0]?.error ?? null,
    retry: () => {
      for (const each of failed) void each.refetch()
    },
  }
}
