/** What the palette finds beyond commands. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'

const MOST = 6

/** Tickets by number or by words of the subject: also one that was made a moment ago. */
export const subjectsQuery = (q: string) =>
  queryOptions({
    queryKey: ['palette', 'subjects', q],
    enabled: q.length > 1,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets', { params: { query: { q, limit: MOST } }, signal })),
  })

/** Tickets by the search language: words of all their messages, and filters. */
export const questionQuery = (q: string) =>
  queryOptions({
    queryKey: ['palette', 'question', q],
    enabled: q.length > 1,
    staleTime: 10_000,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/search', { params: { query: { q, limit: MOST } }, signal })),
  })
