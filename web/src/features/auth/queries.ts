import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { api, unwrap } from '@/lib/api/client'

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/me', { signal })),
})

export function useUpdateMe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: object) => unwrap(api.PATCH('/api/me', { body: body as never })),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
    onError: (error) => toast.error(error.message),
  })
}

export const logIn = (email: string, password: string) =>
  unwrap(api.POST('/api/session', { body: { email, password } }))

export const logOut = () => api.DELETE('/api/session')
