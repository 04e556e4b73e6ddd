import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export type Preferences = Schemas['NotificationPreferences']

/** For each kind of notification, the way in which the agent receives it. */
export const preferencesQuery = queryOptions({
  queryKey: ['notification-preferences'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/me/notification-preferences', { signal })),
})

/** Shown at once, put back when it is refused. */
export function useUpdateNotificationPreferences() {
  const client = useQueryClient()
  const { queryKey } = preferencesQuery
  return useMutation({
    mutationFn: (change: Partial<Preferences>) =>
      unwrap(api.PATCH('/api/me/notification-preferences', { body: change })),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      if (before) client.setQueryData(queryKey, { ...before, ...change })
      return before
    },
    onError: (error, _change, before) => {
      client.setQueryData(queryKey, before)
      toast.error(told(error.message))
    },
    // Of several changes in a row the last answer counts.
    onSuccess: (after) => {
      if (client.isMutating() === 1) client.setQueryData(queryKey, after)
    },
  })
}
