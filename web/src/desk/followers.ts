/** Who follows a ticket among staff, and who is in copy of its replies. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { api, problemsOf, type Schemas, unwrap } from '@/lib/api/client'
import { t } from './messages'
import { withUndo } from './undo'

export type Follower = Schemas['Follower']

export const followersQuery = (ticket: number) =>
  queryOptions({
    queryKey: ['tickets', ticket, 'followers'],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/tickets/{id}/followers', { params: { path: { id: ticket }, query: { limit: 200 } }, signal }),
      ),
  })

interface Person {
  id: number
  name: string
}

/** Somebody known, or for a copy anybody by their address, who then becomes a customer. */
export type NewFollower = { name: string; kind?: Follower['kind'] } & ({ id: number } | { email: string })

/** Adds and removes people: shown at once, put back when it is refused, and offered to be undone. */
export function useFollowers(ticket: number) {
  const client = useQueryClient()
  const key = followersQuery(ticket).queryKey
  const show = (change: (items: Follower[]) => Follower[]) => {
    const before = client.getQueryData(key)
    if (before) client.setQueryData(key, { ...before, items: change(before.items) })
    return { before }
  }
  const callbacks = {
    scope: { id: `followers of ticket ${ticket}` },
    onError: (error: Error, _: unknown, shown: { before: Schemas['Page_Follower'] | undefined } | undefined) => {
      client.setQueryData(key, shown?.before)
      toast.error(told(problemsOf(error)[0]?.message ?? error.message))
    },
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  }
  const add = useMutation({
    mutationFn: ({ name: _, kind = 'follower', ...who }: NewFollower) =>
      unwrap(
        api.POST('/api/tickets/{id}/followers', {
          params: { path: { id: ticket } },
          body: { kind, ...('id' in who ? { user_id: who.id } : who) },
        }),
      ),
    onMutate: ({ name, kind = 'follower', ...who }: NewFollower) =>
      show((items) => {
        const id = 'id' in who ? who.id : -Date.now()
        const email = 'email' in who ? who.email : null
        return [
          ...items.filter(({ user_id }) => user_id !== id),
          { id: -Math.abs(id), ticket_id: ticket, kind, user_id: id, name, email, created_at: '' },
        ]
      }),
    ...callbacks,
  })
  const remove = useMutation({
    mutationFn: (person: Person) =>
      unwrap(
        api.DELETE('/api/tickets/{id}/followers/{user_id}', { params: { path: { id: ticket, user_id: person.id } } }),
      ),
    onMutate: (person: Person) => show((items) => items.filter(({ user_id }) => user_id !== person.id)),
    ...callbacks,
  })
  // What is refused is told by the mutation.
  const quietly = (work: Promise<unknown>) => void work.catch(() => undefined)
  return {
    add: (person: NewFollower) =>
      quietly(
        withUndo(add.mutateAsync(person), t.acts.followerAdded(person.name, ticket), ({ user_id }) =>
          remove.mutateAsync({ id: user_id, name: person.name }),
        ),
      ),
    remove: (person: Person) => {
      const kind = client.getQueryData(key)?.items.find(({ user_id }) => user_id === person.id)?.kind ?? 'follower'
      quietly(
        withUndo(remove.mutateAsync(person), t.acts.followerRemoved(person.name, ticket), () =>
          add.mutateAsync({ id: person.id, name: person.name, kind }),
        ),
      )
    },
  }
}
