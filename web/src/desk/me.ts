/** The signed-in agent: who they are, how they stand in routing, and the change of either. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
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

export function useUpdateMe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas['UpdateMe']) => unwrap(api.PATCH('/api/me', { body })),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
    onError: (error) => toast.error(error.message),
  })
}
