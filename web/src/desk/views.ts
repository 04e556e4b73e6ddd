/** Saved views, how many tickets each holds, and who may change them. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export type View = Schemas['View']

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  staleTime: 300_000,
  queryFn: ({ signal }) =>
    unwrap(api.GET('/api/views', { params: { query: { limit: 200, sort: 'position' } }, signal })),
})

export const viewCountsQuery = queryOptions({
  queryKey: ['view-counts'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/views/counts', { signal })),
})

/** What a view is saved as; the API says what is wrong with it. */
export type ViewBody = Schemas['UpdateView']

/** Whose views they are, in the order in which they are shown. */
export const SCOPES = ['private', 'team', 'everyone'] as const

export type Scope = (typeof SCOPES)[number]

/** The scopes into which this person may put views: the API has the last word. */
export function scopesOf(
  me: Schemas['Me'] | undefined,
  teams: Schemas['Team'][],
): { scope: Scope; team?: Schemas['Team'] }[] {
  if (!me) return []
  const led = teams.filter(
    (team) => me.role === 'admin' || team.members.some((member) => member.id === me.id && member.lead),
  )
  return [
    { scope: 'private' },
    ...led.map((team) => ({ scope: 'team' as const, team })),
    ...(me.role === 'admin' ? [{ scope: 'everyone' as const }] : []),
  ]
}

export const mayChange = (view: View, me: Schemas['Me'] | undefined, teams: Schemas['Team'][]) =>
  scopesOf(me, teams).some(
    ({ scope, team }) => scope === view.visibility && (scope !== 'team' || team?.id === view.team?.id),
  )
