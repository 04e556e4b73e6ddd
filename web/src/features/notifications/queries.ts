import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { offeredAct, overtaken, tellRefusal } from '@/desk/offered-act'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { t } from './messages'

export type Preferences = Schemas['NotificationPreferences']

/** For each kind of notification, the way in which the agent receives it. */
export const preferencesQuery = queryOptions({
  queryKey: ['notification-preferences'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/me/notification-preferences', { signal })),
})

const LANE = 'notification-preferences'

const patch = (change: Partial<Preferences>) => unwrap(api.PATCH('/api/me/notification-preferences', { body: change }))

/** Shown at once, put back when it is refused, and offered to be undone. */
export function useUpdateNotificationPreferences() {
  const client = useQueryClient()
  const { queryKey } = preferencesQuery
  const show = (change: Partial<Preferences>) =>
    client.setQueryData(queryKey, (before) => before && { ...before, ...change })
  return async function update(change: Partial<Preferences>): Promise<void> {
    // Not waited for: a radio button that is not checked at once is drawn as it was.
    void client.cancelQueries({ queryKey })
    const before = client.getQueryData(queryKey)
    if (!before) return
    const keys = Object.keys(change) as (keyof Preferences)[]
    const was = Object.fromEntries(keys.map((key) => [key, before[key]]))
    show(change)
    try {
      await offeredAct({
        text: t.changed,
        lane: LANE,
        send: () => patch(change),
        undo: async () => {
          const now = await unwrap(api.GET('/api/me/notification-preferences'))
          // In another tab, or on another device.
          if (keys.some((key) => now[key] !== change[key])) throw overtaken()
          client.setQueryData(queryKey, await patch(was))
        },
      })
    } catch (error) {
      show(was)
      tellRefusal(t.changed, error as Error, () => update(change))
    }
  }
}
