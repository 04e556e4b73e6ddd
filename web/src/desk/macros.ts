/** The macros that this agent may use, those used most first. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export type Macro = Schemas['Macro']

export const macrosQuery = queryOptions({
  queryKey: ['macros'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const { items } = await unwrap(api.GET('/api/macros', { params: { query: { limit: 200, sort: '-uses' } }, signal }))
    return items.filter(({ active }) => active)
  },
})
