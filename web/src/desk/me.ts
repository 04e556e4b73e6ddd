/** The signed-in agent: who they are, how they stand in routing, and the change of either. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { setPerson } from '@/lib/person'
import { Discarded } from './acts'
import { t } from './messages'
import { tellRefusal } from './offered-act'
import { changeRecord } from './records'

type Me = Schemas['Me']

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

/** Shown at once, put back when it is refused, and offered to be undone. `quiet`: a form tells itself what is wrong with it. */
export function useUpdateMe({ quiet = false } = {}) {
  const client = useQueryClient()
  const { queryKey } = meQuery
  const update = useMutation({
    mutationFn: async (change: Schemas['UpdateMe']) => {
      await client.cancelQueries({ queryKey, exact: true })
      const before = client.getQueryData(queryKey)
      if (!before) throw new Discarded()
      return changeRecord<Me>({
        what: t.records.you,
        lane: 'me',
        before,
        // A reason belongs to the availability that it was given with.
        body: change.availability === undefined ? { ...change } : { availability_reason: null, ...change },
        word: (path, { availability }) => (path === 'availability' ? t.records.states[availability] : undefined),
        patch: (version, body) => unwrap(api.PATCH('/api/me', { headers: { 'if-match': `"${version}"` }, body })),
        show: (me) => {
          if (!quiet || me.version !== before.version) client.setQueryData(queryKey, me)
        },
      })
    },
    onError: (error, change) => {
      if (!quiet) tellRefusal(t.records.you, error, () => update.mutate(change))
    },
  })
  return update
}
