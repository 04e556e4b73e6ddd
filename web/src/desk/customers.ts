/** Customers and organizations as the caches hold them, and what is noted of them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export type Customer = Schemas['User']
export type Organization = Schemas['Organization']
export type CustomerNote = Schemas['CustomerNote']

/** Whom a note, a history or a list of tickets is about. */
export type About = { kind: 'customer' | 'organization'; id: number }

const PAGE = 50

export const customerQuery = (id: number) =>
  queryOptions({
    queryKey: ['customers', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/users/{id}', { params: { path: { id } }, signal })),
  })

export const organizationQuery = (id: number) =>
  queryOptions({
    queryKey: ['organizations', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/organizations/{id}', { params: { path: { id } }, signal })),
  })

export const CUSTOMERS_KEY = ['customers', 'list']

/** Customers by name, or those who came last first; those who were merged away left out. */
export const customersQuery = (filters: { q?: string; organization?: number; sort?: string }) =>
  infiniteQueryOptions({
    queryKey: [...CUSTOMERS_KEY, filters],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/users', {
          params: {
            query: {
              role: 'customer',
              active: true,
              limit: PAGE,
              ...(filters.q ? { q: filters.q } : {}),
              ...(filters.sort ? { sort: filters.sort } : {}),
              ...(filters.organization ? { organization_id: filters.organization } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const ORGANIZATIONS_KEY = ['organizations', 'list']

export const organizationsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...ORGANIZATIONS_KEY, q],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/organizations', {
          params: { query: { limit: PAGE, ...(q ? { q } : {}), ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

const path = ({ id }: About) => ({ path: { id } })

export const historyQuery = (about: About) =>
  infiniteQueryOptions({
    queryKey: ['history', about],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) }
      return unwrap(
        about.kind === 'customer'
          ? api.GET('/api/users/{id}/history', { params: { ...path(about), query }, signal })
          : api.GET('/api/organizations/{id}/history', { params: { ...path(about), query }, signal }),
      )
    },
    getNextPageParam: (page) => page.next ?? undefined,
  })

/** Their tickets, whatever their status, the one that changed last first. */
export const ticketsOfQuery = (about: About) =>
  infiniteQueryOptions({
    queryKey: ['tickets-of', about],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/tickets', {
          params: {
            query: {
              sort: '-updated_at',
              limit: PAGE,
              ...(about.kind === 'customer' ? { requester: String(about.id) } : { organization: String(about.id) }),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const aboutKey = ({ kind, id }: About) => (kind === 'customer' ? { user_id: id } : { organization_id: id })

export const notesQuery = (about: About) =>
  queryOptions({
    queryKey: ['customer-notes', about.kind, about.id],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/customer-notes', { params: { query: { ...aboutKey(about), limit: 200 } }, signal })),
  })
