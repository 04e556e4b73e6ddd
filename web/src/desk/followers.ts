/** Who follows a ticket among staff, and who is in copy of its replies. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { api, type Schemas, unwrap } from '@/lib/api/client'

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

/** Adds and removes people, shown at once and put back when it is refused. */
export function useFollowers(ticket: number) {
  const client = useQueryClient()
  const key = followersQuery(ticket).queryKey
  const show = (change: (items: Follower[]) => Follower[]) => {
    const before = client.getQueryData(key)
    if (before) client.setQueryData(key, { ...before, items: change(before.items) })
    return { before }
  }
  const callbacks = {
    onError: (error: Error, _: Person, shown: { before: Schemas['Page_Follower'] | undefined } | undefined) => {
      client.setQueryData(key, shown?.before)
      toast.error(error.message)
    },
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  }
  const add = useMutation({
    mutationFn: (person: Person) =>
      unwrap(
        api.POST('/api/tickets/{id}/followers', {
          params: { path: { id: ticket } },
          body: { user_id: person.id, kind: 'follower' },
        }),
      ),
    onMutate: (person) =>
      show((items) => [
        ...items.filter(({ user_id }) => user_id !== person.id),
        { id: -person.id, ticket_id: ticket, kind: 'follower', user_id: person.id, name: person.name, created_at: '' },
      ]),
    ...callbacks,
  })
  const remove = useMutation({
    mutationFn: (person: Person) =>
      unwrap(
        api.DELETE('/api/tickets/{id}/followers/{user_id}', { params: { path: { id: ticket, user_id: person.id } } }),
      ),
    onMutate: (person) => show((items) => items.filter(({ user_id }) => user_id !== person.id)),
    ...callbacks,
  })
  return { add: add.mutate, remove: remove.mutate }
}
