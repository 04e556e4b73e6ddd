/** Who follows a ticket among staff, and who is in copy of its replies. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { isBusy } from './acts'
import { t } from './messages'
import { type OfferedAct, offeredAct, overtaken, tellRefusal } from './offered-act'

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

const follow = (ticket: number, body: Schemas['AddFollower']) =>
  unwrap(api.POST('/api/tickets/{id}/followers', { params: { path: { id: ticket } }, body }))

const unfollow = (ticket: number, user: number) =>
  unwrap(api.DELETE('/api/tickets/{id}/followers/{user_id}', { params: { path: { id: ticket, user_id: user } } }))

type Kind = Follower['kind'] | undefined

/** Makes somebody what they were before, unless they are something else by now than what one's own act had made them. */
async function putBack(ticket: number, user: number, made: Kind, before: Kind) {
  const { items } = await unwrap(
    api.GET('/api/tickets/{id}/followers', { params: { path: { id: ticket }, query: { limit: 200 } } }),
  )
  const now: Kind = items.find(({ user_id }) => user_id === user)?.kind
  if (now === before) return
  if (now !== made) throw overtaken()
  if (before) await follow(ticket, { user_id: user, kind: before })
  else await unfollow(ticket, user)
}

/** Adds and removes people: shown at once, put back when it is refused, and offered to be undone. */
export function useFollowers(ticket: number) {
  const client = useQueryClient()
  const key = followersQuery(ticket).queryKey
  const lane = `followers-${ticket}`
  const readAnew = () => client.invalidateQueries({ queryKey: key })
  const known = () => client.getQueryData(key)?.items ?? []

  async function run<T>(
    change: (items: Follower[]) => Follower[],
    act: Omit<OfferedAct<T>, 'lane'>,
    again: () => unknown,
  ) {
    const before = client.getQueryData(key)
    if (before) client.setQueryData(key, { ...before, items: change(before.items) })
    try {
      await offeredAct({ ...act, lane, undo: (answer) => act.undo(answer).finally(readAnew) })
    } catch (error) {
      client.setQueryData(key, before)
      tellRefusal(act.text, error as Error, again)
    } finally {
      if (!isBusy(lane)) void readAnew()
    }
  }

  function add(person: NewFollower) {
    const { name, kind = 'follower', ...who } = person
    const id = 'id' in who ? who.id : -Date.now()
    const email = 'email' in who ? who.email : null
    const before = known().find(({ user_id }) => user_id === id)?.kind
    void run(
      (items) => [
        ...items.filter(({ user_id }) => user_id !== id),
        { id: -Math.abs(id), ticket_id: ticket, kind, user_id: id, name, email, created_at: '' },
      ],
      {
        text: (kind === 'cc' ? t.followers.copied : t.followers.added)(name, t.ticket(ticket)),
        send: () => follow(ticket, { kind, ...('id' in who ? { user_id: who.id } : who) }),
        undo: (made) => putBack(ticket, made.user_id, made.kind, before),
      },
      () => add(person),
    )
  }

  function remove(person: Person) {
    const before = known().find(({ user_id }) => user_id === person.id)?.kind
    void run(
      (items) => items.filter(({ user_id }) => user_id !== person.id),
      {
        text: (before === 'cc' ? t.followers.notCopied : t.followers.removed)(person.name, t.ticket(ticket)),
        send: () => unfollow(ticket, person.id),
        undo: () => putBack(ticket, person.id, undefined, before),
      },
      () => remove(person),
    )
  }
  return { add, remove }
}
