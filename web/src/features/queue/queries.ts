import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { type Filters, toQuery } from './filters'

export type Row = Schemas['QueueRow']

/** A queue under these filters, page after page. */
export const queueQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['queue', filters],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/tickets', {
          params: { query: { ...toQuery(filters), limit: 100, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const countsQuery = queryOptions({
  queryKey: ['counts'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/counts', { signal })),
})

const HOUR = 3_600_000

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  staleTime: HOUR,
  queryFn: ({ signal }) => unwrap(api.GET('/api/teams', { params: { query: { limit: 200 } }, signal })),
})

export const statusesQuery = queryOptions({
  queryKey: ['statuses'],
  staleTime: HOUR,
  queryFn: ({ signal }) => unwrap(api.GET('/api/statuses', { params: { query: { limit: 200 } }, signal })),
})

export const prioritiesQuery = queryOptions({
  queryKey: ['priorities'],
  staleTime: HOUR,
  queryFn: ({ signal }) => unwrap(api.GET('/api/priorities', { params: { query: { limit: 200 } }, signal })),
})

/** Those who can be given a ticket: the members of teams. */
export const agentsOf = (teams: Schemas['Page_Team'] | undefined) => {
  const people = new Map<number, string>()
  for (const team of teams?.items ?? []) for (const member of team.members) people.set(member.id, member.name)
  return [...people].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
}

/** The same change on several tickets, each on its own. */
export function useUpdateTickets() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ ids, body }: { ids: number[]; body: object }) => {
      const outcomes = await Promise.allSettled(
        ids.map((id) => unwrap(api.PATCH('/api/tickets/{id}', { params: { path: { id } }, body: body as never }))),
      )
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
      if (failed[0])
        throw new Error(`${failed.length} of ${ids.length} were not changed: ${(failed[0].reason as Error).message}`)
    },
    onError: (error) => toast.error(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ['queue'] }),
  })
}
