/** One's own account: numbers, sessions and password. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export const myNumbersQuery = queryOptions({
  queryKey: ['me', 'numbers'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/me/numbers', { signal })),
})

export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/me/sessions', { signal })),
})

/** Ends one session of one's own, or with null all but this one. Shown at once. */
export function useEndSession() {
  const client = useQueryClient()
  const { queryKey } = sessionsQuery
  return useMutation({
    mutationFn: (id: string | null) =>
      unwrap(
        id === null
          ? api.DELETE('/api/me/sessions')
          : api.DELETE('/api/me/sessions/{id}', { params: { path: { id } } }),
      ),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      if (before)
        client.setQueryData(queryKey, {
          items: before.items.filter((each) => (id === null ? each.current : each.id !== id)),
        })
      return { before }
    },
    onError: (error, _, context) => {
      client.setQueryData(queryKey, context?.before)
      toast.error(told(error.message))
    },
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
}

export function useChangePassword() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas['ChangePassword']) => unwrap(api.POST('/api/me/password', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
}
