/**
 * Files that wait to go with a message, per ticket and kind. They are uploaded at once, and go on while another ticket is
 * read; what is uploaded belongs to the draft, wherever that is opened.
 */
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { type DraftKind, drafts } from '@/desk/drafts'
import { api, unwrap } from '@/lib/api/client'
import { refusalOf, type UploadHandle, uploadFile } from '@/lib/api/upload'
import { onPersonChange } from '@/lib/person'

export interface Upload {
  key: string
  name: string
  size: number
  state: 'uploading' | 'done' | 'failed'
  /** The share that is sent, 0 to 1. */
  sent: number
  /** The attachment's id, once it is uploaded. */
  id?: number
  image: boolean
  /** Shown inside of the text, so that the chips leave it out. */
  inline: boolean
  problem?: string
  /** It will never be taken. */
  final?: boolean
}

const EMPTY: Upload[] = []
const lists = new Map<string, Upload[]>()
const files = new Map<string, File>()
const running = new Map<string, UploadHandle>()
// Drafts whose files are being looked up.
const adopting = new Set<{ place: string }>()
const listeners = new Set<() => void>()
// Attachments that are in a list, or were.
const known = new Set<number>()
let count = 0

/** Where the files of one draft are kept. */
export const placeOf = (ticket: number, kind: DraftKind) => `${ticket}:${kind}`

const draftOf = (place: string) => {
  const [ticket, kind] = place.split(':')
  return { ticket: Number(ticket), kind: kind as DraftKind }
}

export const uploadsOf = (place: string): Upload[] => lists.get(place) ?? EMPTY

const idsOf = (list: Upload[]) => list.flatMap(({ id }) => id ?? [])

export function setUploads(place: string, list: Upload[]) {
  lists.set(place, list.length ? list : EMPTY)
  const { ticket, kind } = draftOf(place)
  const { attachmentIds } = drafts.read(ticket, kind)
  // What has not been looked up yet stays with the draft.
  const strange = attachmentIds.filter((id) => !known.has(id))
  const next = [...strange, ...idsOf(list)]
  if (next.join() !== attachmentIds.join()) drafts.write(ticket, kind, { attachmentIds: next })
  for (const listener of listeners) listener()
}

/** Shows the files of a draft that was begun elsewhere. */
async function adopt(place: string, ids: number[]) {
  for (const id of ids) known.add(id)
  const draft = { place }
  adopting.add(draft)
  const found = await Promise.all(
    ids.map((id) => unwrap(api.GET('/api/attachments/{id}', { params: { path: { id } } })).catch(() => null)),
  )
  // It was somebody else's.
  if (!adopting.delete(draft)) return
  const { ticket, kind } = draftOf(draft.place)
  const { html } = drafts.read(ticket, kind)
  const list = found.flatMap((file): Upload[] =>
    // One that is attached by now, or was removed after a day.
    file && file.message_id == null
      ? [
          {
            key: String(file.id),
            name: file.name,
            size: file.size,
            state: 'done',
            sent: 1,
            id: file.id,
            image: file.thumbnail,
            inline: html.includes(`/api/attachments/${file.id}/content`),
          },
        ]
      : [],
  )
  setUploads(draft.place, [...uploadsOf(draft.place), ...list])
}

/** All files of one draft go to the other: those that are there, on their way, or not looked up yet. */
export function moveUploads(from: string, to: string) {
  const [source, target] = [draftOf(from), draftOf(to)]
  const idsIn = ({ ticket, kind }: typeof source) => drafts.read(ticket, kind).attachmentIds
  for (const draft of adopting) if (draft.place === from) draft.place = to
  lists.set(to, [...uploadsOf(to), ...uploadsOf(from)])
  lists.set(from, EMPTY)
  drafts.write(target.ticket, target.kind, { attachmentIds: [...idsIn(target), ...idsIn(source)] })
  drafts.write(source.ticket, source.kind, { attachmentIds: [] })
  for (const listener of listeners) listener()
}

/** Wherever the file has been moved since it was begun. */
function patch(key: string, change: Partial<Upload>) {
  for (const [place, list] of lists)
    if (list.some((each) => each.key === key))
      setUploads(
        place,
        list.map((each) => (each.key === key ? { ...each, ...change } : each)),
      )
}

function start(key: string, file: File): Promise<number | null> {
  const handle = uploadFile(file, (sent) => patch(key, { sent }))
  running.set(key, handle)
  return handle.done
    .then(
      (attachment) => {
        known.add(attachment.id)
        patch(key, { state: 'done', sent: 1, id: attachment.id, image: attachment.thumbnail })
        files.delete(key)
        return attachment.id
      },
      (error: Error) => {
        if (error.name !== 'AbortError') patch(key, { state: 'failed', ...refusalOf(error) })
        return null
      },
    )
    .finally(() => running.delete(key))
}

/** Uploads files; answers the attachments' ids, null for those that failed or were cancelled. */
export function addFiles(place: string, added: File[], inline = false): Promise<(number | null)[]> {
  const starts = added.map((file) => {
    const key = `${Date.now()}-${count++}`
    files.set(key, file)
    return { key, file }
  })
  setUploads(place, [
    ...uploadsOf(place),
    ...starts.map(({ key, file }) => ({
      key,
      name: file.name,
      size: file.size,
      state: 'uploading' as const,
      sent: 0,
      image: false,
      inline,
    })),
  ])
  return Promise.all(starts.map(({ key, file }) => start(key, file)))
}

export function retryUpload(key: string) {
  const file = files.get(key)
  if (!file) return
  patch(key, { state: 'uploading', sent: 0 })
  void start(key, file)
}

/** Cancels an upload, or discards one that waits. */
export function removeUpload(place: string, key: string) {
  running.get(key)?.cancel()
  files.delete(key)
  const upload = uploadsOf(place).find((each) => each.key === key)
  setUploads(
    place,
    uploadsOf(place).filter((each) => each.key !== key),
  )
  // What stays behind unattached is removed by the desk after a day.
  if (upload?.id) void api.DELETE('/api/attachments/{id}', { params: { path: { id: upload.id } } }).catch(() => null)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function useUploads(place: string, attachmentIds: number[]) {
  useEffect(() => {
    const strange = attachmentIds.filter((id) => !known.has(id))
    if (strange.length) void adopt(place, strange)
  }, [place, attachmentIds])
  return useSyncExternalStore(
    subscribe,
    useCallback(() => uploadsOf(place), [place]),
  )
}

// A file that is on its way goes nowhere without its page.
globalThis.window?.addEventListener('beforeunload', (event) => {
  if (running.size) event.preventDefault()
})

onPersonChange(() => {
  for (const handle of running.values()) handle.cancel()
  lists.clear()
  files.clear()
  known.clear()
  adopting.clear()
})
