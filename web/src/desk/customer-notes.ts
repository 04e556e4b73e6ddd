/** The changes that an agent makes to what is noted of a customer or an organization. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { type About, aboutKey, type CustomerNote, notesQuery } from './customers'
import { meQuery } from './me'
import { t } from './messages'
import { offeredAct, overtaken } from './offered-act'
import { changeRecord } from './records'

const ifMatch = (version: number) => ({ 'if-match': `"${version}"` })

const pathOf = ({ id, version }: CustomerNote) => ({ params: { path: { id } }, headers: ifMatch(version) })

/** `name`: whom they are about. */
export function useNotes(about: About, name: string) {
  const client = useQueryClient()
  const key = notesQuery(about).queryKey
  const lane = `notes-${about.kind}-${about.id}`
  const readAnew = () => client.invalidateQueries({ queryKey: key })
  const set = (change: (notes: CustomerNote[]) => CustomerNote[]) =>
    client.setQueryData(key, (page) => page && { ...page, items: change(page.items) })
  const pinnedOf = (notes: CustomerNote[] | undefined) => notes?.find(({ pinned }) => pinned)
  const make = (text: string, pinned: boolean, idempotencyKey?: string) =>
    unwrap(
      api.POST('/api/customer-notes', {
        ...(idempotencyKey ? { headers: { 'idempotency-key': idempotencyKey } } : {}),
        body: { ...aboutKey(about), body_text: text, pinned },
      }),
    )

  const patch = (note: CustomerNote) => ({
    what: t.records.note(name),
    lane: `note-${note.id}`,
    before: note,
    patch: (version: number, body: Schemas['UpdateCustomerNote']) =>
      unwrap(
        api.PATCH('/api/customer-notes/{id}', { params: { path: { id: note.id } }, headers: ifMatch(version), body }),
      ),
    show: (now: CustomerNote) =>
      set((notes) => notes.map((each) => (each.id === now.id ? now : now.pinned ? { ...each, pinned: false } : each))),
  })

  /** Only one is pinned: the one that was gives way, and comes back when this is undone. */
  function pin(note: CustomerNote) {
    const before = pinnedOf(client.getQueryData(key)?.items)
    return changeRecord({
      ...patch(note),
      text: note.pinned ? t.notes.unpinned : t.notes.pinned,
      body: { pinned: !note.pinned },
      undo: async (after) => {
        const { items } = await unwrap(
          api.GET('/api/customer-notes', { params: { query: { ...aboutKey(about), limit: 200 } } }),
        )
        if (pinnedOf(items)?.id !== (after.pinned ? after.id : undefined)) throw overtaken()
        const former = items.find(({ id }) => id === before?.id)
        const [target, pinned] = after.pinned && former ? [former, true] : [after, note.pinned]
        await unwrap(api.PATCH('/api/customer-notes/{id}', { ...pathOf(target), body: { pinned } }))
        await readAnew()
      },
    })
  }

  return {
    add: useMutation({
      mutationFn: ({ text }: { text: string }) =>
        offeredAct({
          text: t.notes.added,
          lane,
          words: text,
          send: (idempotencyKey) => make(text, false, idempotencyKey),
          undo: (note) => unwrap(api.DELETE('/api/customer-notes/{id}', pathOf(note))).finally(readAnew),
        }),
      onMutate: ({ text }) => {
        const me = client.getQueryData(meQuery.queryKey)
        const at = new Date().toISOString()
        const shown: CustomerNote = {
          ...aboutKey(about),
          id: -Date.now(),
          version: 0,
          body_text: text,
          pinned: false,
          author: me && { id: me.id, name: me.name },
          created_at: at,
          updated_at: at,
        }
        set((notes) => [shown, ...notes])
        return shown
      },
      onSuccess: (note, _, shown) =>
        set((notes) => [note, ...notes.filter(({ id }) => id !== shown.id && id !== note.id)]),
      onError: (_, __, shown) => set((notes) => notes.filter(({ id }) => id !== shown?.id)),
      onSettled: readAnew,
    }),
    edit: useMutation({
      mutationFn: ({ note, seen, text }: { note: CustomerNote; seen: CustomerNote; text: string }) =>
        changeRecord({ ...patch(note), seen, text: t.notes.changed, body: { body_text: text } }),
      onSettled: readAnew,
    }),
    pin: useMutation({ mutationFn: pin, onSettled: readAnew }),
    remove: useMutation({
      mutationFn: (note: CustomerNote) =>
        offeredAct({
          text: t.notes.removed,
          lane,
          send: () => unwrap(api.DELETE('/api/customer-notes/{id}', pathOf(note))),
          undo: () => make(note.body_text, note.pinned).finally(readAnew),
        }),
      onMutate: (note) => set((notes) => notes.filter((each) => each.id !== note.id)),
      onSettled: readAnew,
    }),
  }
}
