import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'

/** Those to whom a macro can give a ticket, by the address that it knows them by. */
export const agentsByAddressQuery = queryOptions({
  queryKey: ['agents-by-address'],
  staleTime: 300_000,
  queryFn: async ({ signal }) => {
    const query = { role: 'agent', active: true, limit: 200, sort: 'name' } as const
    const { items } = await unwrap(api.GET('/api/users', { params: { query }, signal }))
    return items.flatMap(({ name, email }) => (email ? [{ name, email }] : []))
  },
})
