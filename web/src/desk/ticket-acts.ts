/** Acts on tickets as wholes: merge, split, link, follow up, trash. What can be undone is offered to be undone. */
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { api, problemsOf, type Schemas, unwrap } from '@/lib/api/client'
import { randomKey } from '@/lib/open-pages'
import { Discarded, SEVERAL, sendAct } from './acts'
import { statusesQuery, statusOf } from './config'
import { linksKey } from './incidents'
import { t } from './messages'
import { offeredAct, tellFailure } from './offered-act'
import { addPending } from './pending-changes'
import { wordProblems } from './problem-words'
import { countsQuery, knownTicket, QUEUE_KEY, showTicket } from './tickets'
import { workOf } from './work'

export type Link = Schemas['Link']
export type NewRelation = Schemas['CreateLink']['relation']

/** Tickets have come, gone or changed hands: lists and the pages of these tickets are read anew. */
function readAnew(client: QueryClient, ids: number[]) {
  for (const id of ids) client.invalidateQueries({ queryKey: ['tickets', id] })
  client.invalidateQueries({ queryKey: QUEUE_KEY })
  client.invalidateQueries({ queryKey: countsQuery.queryKey })
}

interface Merge {
  into: number
  tickets: number[]
}

/** Shows a ticket as it will be once it is merged; answers how to show it as it is by then. */
function showClosed(client: QueryClient, id: number): (merged: boolean) => void {
  // One that has not been read yet is shown so once it is.
  const before = knownTicket(client, id) ?? { id, version: 0 }
  const status = statusOf(client.getQueryData(statusesQuery.queryKey), 'closed')?.key ?? 'closed'
  const closed = { status, status_category: 'closed' } as const
  const { shown, settle } = addPending(before, closed)
  showTicket(client, shown)
  return (merged) => showTicket(client, { ...settle(), ...(merged ? closed : {}) })
}

/** Merges tickets into one. Nothing takes a merge apart again: it is held first, unless it goes out once more. */
export async function mergeTickets(client: QueryClient, merge: Merge, { key = randomKey(), held = true } = {}) {
  const { into, tickets } = merge
  const settle = tickets.map((id) => showClosed(client, id))
  const text = t.acts.merge(tickets.length, into)
  let merged = false
  try {
    await sendAct({ text, lane: SEVERAL, key, held, ...workOf('merge', merge) })
    merged = true
    toast.success(t.acts.merged(tickets.length, into))
  } catch (error) {
    if (error instanceof Discarded) return
    toast.error(t.acts.notMerged(into), {
      description: (await wordProblems(client, problemsOf(error))) || told((error as Error).message),
      action: { label: t.retry, onClick: () => void mergeTickets(client, merge, { key, held: false }) },
    })
  } finally {
    for (const show of settle) show(merged)
  }
  readAnew(client, [into, ...tickets])
}

interface Split {
  ticket: number
  body: Schemas['SplitTicket']
}

/** Makes a ticket of a message; answers whether it did. Nothing puts it back: it is held first, unless it goes out once more. */
export async function splitTicket(
  client: QueryClient,
  split: Split,
  open: (id: number) => void,
  { key = randomKey(), held = true } = {},
): Promise<boolean> {
  const { ticket } = split
  try {
    const made = await sendAct({
      text: t.acts.splitting(ticket),
      lane: `ticket-${ticket}`,
      words: split.body.subject,
      key,
      held,
      ...workOf('split', split),
    })
    toast.success(t.acts.split(made.id, ticket), { action: { label: t.acts.open, onClick: () => open(made.id) } })
    readAnew(client, [ticket])
    return true
  } catch (error) {
    if (!(error instanceof Discarded))
      tellFailure(t.acts.notSplit(ticket), error as Error, () => splitTicket(client, split, open, { key, held: false }))
    return false
  }
}

export function useFollowUpTicket() {
  const client = useQueryClient()
  const followUp = useMutation({
    mutationFn: (id: number) => unwrap(api.POST('/api/tickets/{id}/follow-up', { params: { path: { id } }, body: {} })),
    onSuccess: (made, id) => {
      toast.success(t.acts.followedUp(made.id, id))
      readAnew(client, [id])
    },
    onError: (error, id) => {
      tellFailure(t.acts.notFollowedUp, error, () => followUp.mutate(id))
    },
  })
  return followUp
}

const createLink = (id: number, relation: NewRelation, other: number) =>
  unwrap(api.POST('/api/tickets/{id}/links', { params: { path: { id } }, body: { relation, ticket_id: other } }))

const deleteLink = (id: number, link: number) =>
  unwrap(api.DELETE('/api/tickets/{id}/links/{link_id}', { params: { path: { id, link_id: link } } }))

export function useCreateLink(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ relation, other }: { relation: NewRelation; other: number }) =>
      offeredAct({
        text: t.acts.linked(id, other),
        lane: `ticket-${id}`,
        send: () => createLink(id, relation, other),
        undo: async (link) => {
          await deleteLink(id, link.id)
          readAnew(client, [id, other])
        },
      }),
    onSuccess: (_, { other }) => readAnew(client, [id, other]),
  })
}

const isNew = (relation: string): relation is NewRelation =>
  ['incident_of', 'problem_of', 'child_of', 'parent_of', 'related'].includes(relation)

/** Whether a link can be taken away: what happened, as a merge, stays. */
export const canUnlink = ({ relation }: Link) => isNew(relation)

export function useDeleteLink(id: number) {
  const client = useQueryClient()
  const queryKey = linksKey(id)
  const unlink = useMutation({
    mutationFn: ({ id: link, relation, ticket_id: other }: Link) =>
      offeredAct({
        text: t.acts.unlinked(id, other),
        lane: `ticket-${id}`,
        send: () => deleteLink(id, link),
        undo: async () => {
          if (isNew(relation)) await createLink(id, relation, other)
          readAnew(client, [id, other])
        },
      }),
    onMutate: async (link) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData<Schemas['Links']>(queryKey)
      if (before) client.setQueryData(queryKey, { items: before.items.filter(({ id }) => id !== link.id) })
      return before
    },
    onError: (error, link, before) => {
      client.setQueryData(queryKey, before)
      tellFailure(t.acts.notUnlinked, error, () => unlink.mutate(link))
    },
    onSuccess: (_, { ticket_id: other }) => readAnew(client, [id, other]),
  })
  return unlink
}

/** `version`: unless somebody has changed it since. */
const trash = (id: number, version?: number) =>
  unwrap(
    api.DELETE('/api/tickets/{id}', {
      params: { path: { id } },
      ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }),
    }),
  )

const restore = (id: number) => unwrap(api.POST('/api/tickets/{id}/restore', { params: { path: { id } } }))

function leftLists(client: QueryClient, id: number) {
  client.removeQueries({ queryKey: ['tickets', id] })
  client.invalidateQueries({ queryKey: ['trash'] })
  readAnew(client, [])
}

function cameBack(client: QueryClient, id: number) {
  client.invalidateQueries({ queryKey: ['trash'] })
  readAnew(client, [id])
}

export function useRestoreTicket() {
  const client = useQueryClient()
  const back = useMutation({
    mutationFn: (id: number) =>
      offeredAct({
        text: t.acts.restored(id),
        lane: `ticket-${id}`,
        send: () => restore(id),
        undo: async ({ version }) => {
          await trash(id, version)
          leftLists(client, id)
        },
      }),
    onSuccess: (_, id) => cameBack(client, id),
    onError: (error, id) => {
      tellFailure(t.acts.notRestored, error, () => back.mutate(id))
    },
  })
  return back
}

export function useTrashTicket() {
  const client = useQueryClient()
  const away = useMutation({
    mutationFn: (id: number) =>
      offeredAct({
        text: t.acts.trashed(id),
        lane: `ticket-${id}`,
        send: () => trash(id),
        undo: async () => {
          await restore(id)
          cameBack(client, id)
        },
      }),
    onSuccess: (_, id) => leftLists(client, id),
    onError: (error, id) => {
      tellFailure(t.acts.notTrashed, error, () => away.mutate(id))
    },
  })
  return away
}
