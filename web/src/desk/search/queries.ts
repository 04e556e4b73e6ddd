/** What the search finds: tickets, and the people and organizations whose names hold its words. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { readTokens } from './tokens'

export type Found = Schemas['Found']

/** Pages of tickets, best first. The ones before stay until the next have come. */
export const searchQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['search', 'tickets', q],
    enabled: q !== '',
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    retry: false,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/search', {
          params: { query: { q, limit: 25, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

/** The words of a question, without its filters: what a name is looked for by. */
export const wordsOf = (question: string) =>
  readTokens(question)
    .filter((token) => !token.filter && !token.negated)
    .map((token) => token.text.replace(/["*]/g, ''))
    .filter(Boolean)

export const peopleFoundQuery = (q: string, limit = 5) =>
  queryOptions({
    queryKey: ['search', 'people', q, limit],
    enabled: q.length > 1,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/users', { params: { query: { q, role: 'customer', active: true, limit } }, signal })),
  })

export const organizationsFoundQuery = (q: string, limit = 5) =>
  queryOptions({
    queryKey: ['search', 'organizations', q, limit],
    enabled: q.length > 1,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/organizations', { params: { query: { q, limit } }, signal })),
  })
