import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { toast } from 'sonner'
import { ApiProblem, api, type Schemas, unwrap } from '@/lib/api/client'
import { madeVersion, ownVersion } from '@/lib/versions'
import { patchRow } from '@/realtime/patch'
import { type Filters, matches, toQuery } from './filters'

export type Row = Schemas['QueueRow']
type Pages = InfiniteData<Schemas['Page_QueueRow']>

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
    placeholderData: keepPreviousData,
    // Events keep the rows true where they stand; reading anew would move them under the cursor.
    staleTime: 300_000,
    gcTime: 1_800_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
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

/** Tickets by number or by words of the subject. */
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    enabled: q.length > 1,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets', { params: { query: { q, limit: 8 } }, signal })),
  })

export const tagsQuery = (q: string) =>
  queryOptions({
    queryKey: ['tags', q],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/tags', { params: { query: { limit: 20, ...(q ? { q } : {}) } }, signal })),
  })

/** Those who can be given a ticket: the members of teams. */
export const agentsOf = (teams: Schemas['Page_Team'] | undefined) => {
  const people = new Map<number, string>()
  for (const team of teams?.items ?? []) for (const member of team.members) people.set(member.id, member.name)
  return [...people].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
}

const toRow = ({ description, ...ticket }: Schemas['Ticket'], before: Row): Row => {
  const row = { ...before } as Record<string, unknown>
  for (const key of Object.keys(ticket) as (keyof typeof ticket)[]) if (key in before) row[key] = ticket[key]
  return { ...(row as Row), snippet: description.slice(0, 160), assignee: ticket.assignee ?? null }
}

/** Drops what has left the view meanwhile: while nobody looks at it, rows may move. */
export function tidyQueue(client: QueryClient, filters: Filters, me: number | undefined) {
  const key = queueQuery(filters).queryKey
  const pages = client.getQueryData(key)
  const state = client.getQueryState(key)
  if (!pages || !state || state.isInvalidated || me === undefined) return
  const stays = (row: Row) => matches(filters, row, me)
  if (pages.pages.every((page) => page.items.every(stays))) return
  client.setQueryData(
    key,
    { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.filter(stays) })) },
    { updatedAt: state.dataUpdatedAt },
  )
}

const why = (error: unknown) => {
  if (!(error instanceof ApiProblem)) return (error as Error).message
  if (error.status === 409) return 'somebody changed it meanwhile'
  return error.problems.map(({ path, message }) => `${path} ${message}`).join(', ') || error.message
}

const AT_ONCE = 6

/** The same change on several tickets, each on its own, with the version that was on screen. */
export function useUpdateTickets() {
  const client = useQueryClient()
  const show = (row: Row) => client.setQueriesData<Pages>({ queryKey: ['queue'] }, (data) => patchRow(data, row))
  return useMutation({
    scope: { id: 'tickets' },
    onMutate: ({ rows, shown }: { rows: Row[]; body: object; shown: Partial<Row> }) => {
      for (const row of rows) show({ ...row, ...shown })
    },
    mutationFn: async ({ rows, body }: { rows: Row[]; body: object; shown: Partial<Row> }) => {
      const failed: { id: number; reason: string }[] = []
      const one = async (row: Row) => {
        const version = ownVersion(row.id, row.version)
        try {
          const ticket = await unwrap(
            api.PATCH('/api/tickets/{id}', {
              params: { path: { id: row.id } },
              headers: { 'if-match': `"${version}"` },
              body: body as never,
            }),
          )
          madeVersion(row.id, version, ticket.version)
          show(toRow(ticket, row))
          client.setQueryData(['tickets', row.id], ticket)
        } catch (error) {
          const current = error instanceof ApiProblem && error.status === 409 ? error.current : undefined
          show(current ? toRow(current as Schemas['Ticket'], row) : row)
          failed.push({ id: row.id, reason: why(error) })
        }
      }
      const waiting = [...rows]
      const worker = async () => {
        for (let row = waiting.shift(); row; row = waiting.shift()) await one(row)
      }
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, rows.length) }, worker))
      return failed
    },
    onSuccess: (failed, { rows }) => {
      if (failed.length)
        toast.error(
          failed.length === rows.length && rows.length === 1
            ? 'The ticket was not changed'
            : `${failed.length} of ${rows.length} tickets were not changed`,
          { description: failed.map(({ id, reason }) => `#${id}: ${reason}`).join('\n'), duration: 12_000 },
        )
      // What was refused stays as it is; reading the list anew shows the rest where it belongs now.
      if (failed.length < rows.length) client.invalidateQueries({ queryKey: ['queue'] })
      client.invalidateQueries({ queryKey: ['counts'] })
    },
  })
}
