/** The upkeep of saved views: saved, put in order, deleted; each can be undone. */
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'
import { isBusy } from './acts'
import { t } from './messages'
import { offeredAct } from './offered-act'
import { ownVersion, recordVersion } from './own-versions'
import type { Values } from './record-values'
import { changeRecord, type RecordChange } from './records'
import { type View, type ViewBody, viewCountsQuery, viewsQuery } from './views'

const laneOf = (id: number) => `view-${id}`

const atVersion = ({ id, version }: Pick<View, 'id' | 'version'>) => ({
  params: { path: { id } },
  headers: { 'if-match': `"${ownVersion(laneOf(id), version)}"` },
})

const inOrder = (one: View, other: View) => one.position - other.position || one.id - other.id

function show(client: QueryClient, saved: View) {
  client.setQueryData(viewsQuery.queryKey, (page) =>
    page ? { ...page, items: [...page.items.filter(({ id }) => id !== saved.id), saved].sort(inOrder) } : page,
  )
}

function readAnew(client: QueryClient) {
  client.invalidateQueries({ queryKey: viewsQuery.queryKey })
  client.invalidateQueries({ queryKey: viewCountsQuery.queryKey })
}

const bodyOf = ({ name, description, visibility, team, conditions, columns, sort, group_by, position }: View) => ({
  name,
  description,
  visibility,
  team_id: team?.id ?? null,
  conditions,
  columns,
  sort,
  group_by: group_by ?? null,
  position,
})

/** A view that is made again has no team where it is not for one. */
const creationOf = (view: View): ViewBody & { name: string } => {
  const { team_id, ...body } = bodyOf(view)
  return { ...body, ...(team_id ? { team_id } : {}) }
}

const changeOf = (client: QueryClient, view: View, body: ViewBody, text: string): RecordChange<View> => ({
  what: view.name,
  text,
  lane: laneOf(view.id),
  before: view,
  body: body as Values,
  asBody: bodyOf,
  word: (path, { team, visibility }) =>
    path === 'visibility'
      ? t.records.scopes[visibility]
      : path === 'team_id'
        ? (team?.name ?? t.records.nothing)
        : undefined,
  patch: (version, changed) =>
    unwrap(api.PATCH('/api/views/{id}', { ...atVersion({ id: view.id, version }), body: changed })),
  show: (now) => show(client, now),
})

interface Save {
  view?: View | undefined
  body: ViewBody
  /** Says it. */
  text: string
  /** One that was made is gone again. */
  onGone?: (() => void) | undefined
}

/** Makes a view, or changes the one given as it was seen. */
export function useSaveView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ view, body, text, onGone }: Save) =>
      view
        ? changeRecord(changeOf(client, view, body, text))
        : offeredAct({
            text,
            lane: 'new-view',
            words: body.name,
            send: (key) =>
              unwrap(
                api.POST('/api/views', {
                  headers: { 'idempotency-key': key },
                  body: { ...body, name: body.name ?? '' },
                }),
              ),
            undo: async (made) => {
              await unwrap(api.DELETE('/api/views/{id}', atVersion(made))).finally(() => readAnew(client))
              onGone?.()
            },
          }),
    onSuccess: (saved) => show(client, saved),
    onSettled: () => readAnew(client),
  })
}

/** Puts views into this order: each gets the place of its index. Shown at once; undone as one act. */
export function usePlaceViews() {
  const client = useQueryClient()
  const move = async (places: { view: View; position: number }[]) => {
    const moved: { view: View; position: number }[] = []
    for (const { view, position } of places) {
      const after = await unwrap(api.PATCH('/api/views/{id}', { ...atVersion(view), body: { position } }))
      recordVersion(laneOf(view.id), ownVersion(laneOf(view.id), view.version), after.version)
      moved.push({ view: after, position: view.position })
    }
    return moved
  }
  return useMutation({
    mutationFn: ({ places, text }: { places: { view: View; position: number }[]; text: string }) => {
      for (const { view, position } of places) show(client, { ...view, position })
      return offeredAct({
        text,
        lane: 'views',
        send: () => move(places),
        undo: (moved) => move(moved).finally(() => readAnew(client)),
      })
    },
    onSettled: () => isBusy('views') || readAnew(client),
  })
}

/** `onBack`: called with the view that an undo has made again, which has another number. */
export function useDeleteView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ view, text, onBack }: { view: View; text: string; onBack: (again: View) => void }) =>
      offeredAct({
        text,
        lane: laneOf(view.id),
        send: () => unwrap(api.DELETE('/api/views/{id}', atVersion(view))),
        undo: async () => {
          const again = await unwrap(api.POST('/api/views', { body: creationOf(view) }))
          show(client, again)
          readAnew(client)
          onBack(again)
        },
      }),
    onMutate: ({ view }) =>
      client.setQueryData(
        viewsQuery.queryKey,
        (page) => page && { ...page, items: page.items.filter(({ id }) => id !== view.id) },
      ),
    onSettled: () => readAnew(client),
  })
}
