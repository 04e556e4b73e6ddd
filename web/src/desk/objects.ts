/** The desk's own objects: their types, their fields and their records. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export type ObjectType = Schemas['ObjectType']
export type ObjectRecord = Schemas['ObjectRecord']
export type ObjectField = Schemas['ObjectField']

const HOUR = 3_600_000
const PAGE = 50

export const objectTypesQuery = queryOptions({
  queryKey: ['object-types'],
  staleTime: HOUR,
  queryFn: ({ signal }) => unwrap(api.GET('/api/object-types', { params: { query: { limit: 200 } }, signal })),
})

export const objectFieldsQuery = (type: number | undefined) =>
  queryOptions({
    queryKey: ['object-fields', type],
    enabled: type !== undefined,
    staleTime: HOUR,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/object-fields', {
          params: { query: { limit: 200, sort: 'position', ...(type === undefined ? {} : { object_type_id: type }) } },
          signal,
        }),
      ),
  })

export const RECORDS_KEY = ['object-records', 'list']

/** Records of a type whose names begin with `name`. */
export const recordsQuery = (type: string, name: string) =>
  infiniteQueryOptions({
    queryKey: [...RECORDS_KEY, type, name],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/object-records', {
          params: {
            query: { type, limit: PAGE, ...(name ? { name } : {}), ...(pageParam ? { after: pageParam } : {}) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

/** Records of all types with a relation to a customer or an organization. */
export const recordsOfQuery = (kind: 'customer' | 'organization', id: number) =>
  infiniteQueryOptions({
    queryKey: [...RECORDS_KEY, 'of', kind, id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/object-records', {
          params: {
            query: {
              relates_to: `${kind === 'customer' ? 'user' : kind}:${id}`,
              limit: PAGE,
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const recordQuery = (id: number) =>
  queryOptions({
    queryKey: ['object-records', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/object-records/{id}', { params: { path: { id } }, signal })),
  })

export const ticketsOfRecordQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['object-records', id, 'tickets'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/object-records/{id}/tickets', {
          params: { path: { id }, query: { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  })
