/**
 * Files that go with the description of a new ticket: each is sent as soon as it is chosen, goes on when the dialog is
 * closed, and is there again when it opens.
 */
import { useEffect, useSyncExternalStore } from 'react'
import { NEW_TICKET } from '@/desk/new-ticket-for'
import { ApiProblem, api, unwrap } from '@/lib/api/client'
import { refusalOf, type UploadHandle, uploadFile } from '@/lib/api/upload'
import { keep, readKept } from '@/lib/kept-texts'
import { onPersonChange } from '@/lib/person'

export interface NewFile {
  key: number
  name: string
  /** The share that is sent, 0 to 1. */
  sent: number
  /** Once it is there. */
  id?: number
  problem?: string
  /** It will never be taken. */
  final?: boolean
  /** What is sent again when it has failed. */
  file?: File
  handle?: UploadHandle
}

interface Kept {
  unsaved: true
  files: { id: number; name: string }[]
}

let files: readonly NewFile[] = []
let count = 0
const listeners = new Set<() => void>()

function set(next: readonly NewFile[]) {
  files = next
  const done = files.flatMap(({ id, name }) => (id === undefined ? [] : [{ id, name }]))
  keep(NEW_TICKET.files, done.length ? ({ unsaved: true, files: done } satisfies Kept) : undefined)
  for (const listener of listeners) listener()
}

const patch = (key: number, change: Partial<NewFile>) =>
  set(files.map((each) => (each.key === key ? { ...each, ...change } : each)))

function send(key: number, file: File) {
  const handle = uploadFile(file, (sent) => patch(key, { sent }))
  patch(key, { handle, sent: 0 })
  handle.done.then(
    ({ id }) => patch(key, { id, sent: 1 }),
    (error: Error) => {
      if (error.name === 'AbortError') return
      patch(key, refusalOf(error))
    },
  )
}

function add(chosen: Iterable<File>) {
  for (const file of chosen) {
    const key = ++count
    set([...files, { key, name: file.name, sent: 0, file }])
    send(key, file)
  }
}

function retry({ key, file }: NewFile) {
  if (!file) return
  set(files.map(({ problem, ...each }) => (each.key === key || problem === undefined ? each : { ...each, problem })))
  send(key, file)
}

function remove(key: number) {
  files.find((each) => each.key === key)?.handle?.cancel()
  set(files.filter((each) => each.key !== key))
}

/** What was kept in this browser, as far as the desk still has it: after a day it has not. */
async function comeBack() {
  const kept = readKept<Kept>(NEW_TICKET.files)?.files ?? []
  const known = new Set(files.flatMap(({ id }) => id ?? []))
  // Those that are kept no longer have gone with a ticket.
  const left = files.filter(({ id }) => id === undefined || kept.some((each) => each.id === id))
  if (left.length < files.length) set(left)
  for (const { id, name } of kept.filter((each) => !known.has(each.id))) {
    const there = await unwrap(api.GET('/api/attachments/{id}', { params: { path: { id } } })).catch((error) =>
      // What cannot be asked now may well be there.
      error instanceof ApiProblem && error.status === 404 ? null : { message_id: null },
    )
    if (there && there.message_id == null && !files.some((each) => each.id === id))
      set([...files, { key: ++count, name, sent: 1, id }])
  }
}

export function useFiles() {
  useEffect(() => void comeBack(), [])
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => files,
  )
  return {
    files: now,
    add,
    remove,
    retry,
    clear: () => set([]),
    ids: now.flatMap(({ id }) => id ?? []),
    pending: now.some(({ id, problem }) => id === undefined && problem === undefined),
  }
}

onPersonChange(() => {
  for (const { handle } of files) handle?.cancel()
  files = []
  for (const listener of listeners) listener()
})
