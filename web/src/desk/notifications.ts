/** How much is unread for this agent, and the list of it: for the bell, the title and the panel. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export type Notification = Schemas['Notification']

/** Newest first; read on as the list is scrolled. */
export const notificationsQuery = infiniteQueryOptions({
  queryKey: ['notifications', 'list'],
  initialPageParam: '',
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/me/notifications', {
        params: { query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } },
        signal,
      }),
    ),
  getNextPageParam: ({ next }) => next ?? undefined,
})

export const unreadQuery = queryOptions({
  queryKey: ['notifications', 'unread'],
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET('/api/me/notifications', { params: { query: { limit: 1 } }, signal }))).unread,
})
