/** The signed-in agent: who they are, how they stand in routing, and the change of either. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { setPerson } from '@/lib/person'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    const me = await unwrap(api.GET('/api/me', { signal }))
    setPerson(me.id)
    return me
  },
})

export const AVAILABILITIES = ['online', 'away', 'busy', 'offline'] as const
export type Availability = Schemas['Availability']

/** Shown at once, put back when it is refused. `quiet`: a form tells itself what is wrong with it. */
export function useUpdateMe({ quiet = false } = {}) {
  const client = useQueryClient()
  const { queryKey } = meQuery
  return useMutation({
    mutationFn: (change: Schemas['UpdateMe']) => unwrap(api.PATCH('/api/me', { body: change })),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey, exact: true })
      const before = client.getQueryData(queryKey)
      if (before && !quiet) client.setQueryData(queryKey, { ...before, ...change })
      return { before }
    },
    onSuccess: (me) => client.setQueryData(queryKey, me),
    onError: (error, _, context) => {
      client.setQueryData(queryKey, context?.before)
      if (!quiet) toast.error(told(error.message))
    },
  })
}
