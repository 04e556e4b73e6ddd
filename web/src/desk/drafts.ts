/**
 * Replies and notes that are not sent yet. Each stroke is kept in this browser at once, and on the server a moment
 * later: a draft begun on the phone is there on the desktop, and nobody but its author ever sees it. What one device
 * writes over another's stands beside it, on both, until it is discarded.
 */
import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { ApiProblem, api, type Schemas, unwrap } from '@/lib/api/client'
import { currentIn } from '@/lib/api/open'
import { keep, namesKept, readKept } from '@/lib/kept-texts'
import { currentPerson, onPersonChange, personForSure } from '@/lib/person'
import { textToHtml } from './editor/text-html'

export type DraftKind = 'reply' | 'note'

/** What was written over by another device. */
export type OtherText = Schemas['OtherDraft']

export interface DraftText {
  html: string
  attachmentIds: number[]
  /** Goes out without its author's signature; known in this browser alone. */
  unsigned?: boolean
  /** The status that was chosen to send it with; known in this browser alone, too. */
  status?: string | null
}

interface Entry extends DraftText {
  /** The server's draft that this text is, or was written on top of. */
  server?: { version: number; at: string }
  others?: OtherText[]
  /** Not on the server yet. */
  unsaved: boolean
  /** Counts the texts that came from elsewhere: an editor begins anew with each. */
  revision: number
}

const SAVE_MS = 800
const RETRY_MS = 5000
const EMPTY: Entry = { html: '', attachmentIds: [], unsaved: false, revision: 0 }

const entries = new Map<string, Entry>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const saving = new Map<string, Promise<void>>()
const listeners = new Set<() => void>()
let edition = 0

const nameOf = (ticket: number, kind: string) => `draft:${ticket}:${kind}`

const partsOf = (name: string): { id: number; kind: DraftKind } => {
  const [, ticket, kind] = name.split(':')
  return { id: Number(ticket), kind: kind === 'note' ? kind : 'reply' }
}

function entryOf(name: string): Entry {
  const known = entries.get(name)
  if (known) return known
  const entry = readKept<Entry>(name) ?? EMPTY
  entries.set(name, entry)
  return entry
}

const isEmpty = ({ html, attachmentIds }: DraftText) => !html && !attachmentIds.length

function set(name: string, entry: Entry) {
  entries.set(name, entry)
  keep(name, isEmpty(entry) && !entry.unsaved && !entry.others?.length ? undefined : entry)
  edition++
  for (const listener of listeners) listener()
}

const textOf = (html: string) => new DOMParser().parseFromString(html, 'text/html').body.textContent ?? ''

const sameWords = (one: string, other: string) => textOf(one).replace(/\s+/g, '') === textOf(other).replace(/\s+/g, '')

const sameText = (one: DraftText, other: DraftText) =>
  one.html === other.html && one.attachmentIds.join() === other.attachmentIds.join()

/** What was sent last of each draft: the server may have it although its answer did not come. */
const tried = new Map<string, string>()

const saveLater = (name: string, wait = SAVE_MS) => {
  clearTimeout(timers.get(name))
  timers.set(
    name,
    setTimeout(() => void save(name), wait),
  )
}

/** Brings one draft to the server; two saves of one never run at once. */
function save(name: string): Promise<void> {
  clearTimeout(timers.get(name))
  timers.delete(name)
  const person = currentPerson()
  const run = (saving.get(name) ?? Promise.resolve()).then(async () => {
    const entry = entryOf(name)
    if (!entry.unsaved || person === undefined || person !== personForSure()) return
    try {
      const { server, others } = await send(name, entry)
      const now = entryOf(name)
      const same = now.html === entry.html && now.attachmentIds === entry.attachmentIds
      if (person === currentPerson()) set(name, withServer({ ...now, unsaved: !same, others }, server))
      if (!same) saveLater(name)
    } catch (error) {
      afterFailure(name, error)
    }
  })
  saving.set(name, run)
  void run.finally(() => saving.get(name) === run && saving.delete(name))
  return run
}

const withServer = ({ server: _, ...entry }: Entry, server: Entry['server']): Entry =>
  server ? { ...entry, server } : entry

const isGone = (error: unknown) => {
  if (!(error instanceof ApiProblem && error.status === 404)) throw error
}

async function send(name: string, entry: Entry): Promise<{ server: Entry['server']; others: OtherText[] }> {
  const path = partsOf(name)
  const headers = entry.server ? { 'if-match': `"${entry.server.version}"` } : {}
  if (isEmpty(entry)) {
    if (entry.server)
      await unwrap(api.DELETE('/api/tickets/{id}/drafts/{kind}', { params: { path }, headers })).catch(isGone)
    return { server: undefined, others: entryOf(name).others ?? [] }
  }
  tried.set(name, entry.html)
  const draft: Schemas['Draft'] = await unwrap(
    api.PUT('/api/tickets/{id}/drafts/{kind}', {
      params: { path },
      headers,
      body: { body_html: entry.html, body_text: textOf(entry.html), attachment_ids: entry.attachmentIds },
    }),
  )
  return { server: { version: draft.version, at: draft.updated_at }, others: draft.others }
}

/** Another device was faster: what is typed here wins, and the other text stays beside it. */
function afterFailure(name: string, error: unknown) {
  if (error instanceof ApiProblem && error.status === 409) {
    const other = currentIn<Schemas['Draft']>(error, ['version', 'body_text', 'updated_at'])
    const now = entryOf(name)
    // One's own, whose answer was lost.
    if (other && sameWords(other.body_html ?? '', tried.get(name) ?? ''))
      set(name, { ...now, server: { version: other.version, at: other.updated_at } })
    // Sent or discarded here, and written on elsewhere.
    else if (other && isEmpty(now)) takeOver(name, other)
    // With no version the server keeps what it has beside this; what was sent or discarded is begun anew.
    else set(name, withServer(now, undefined))
    if (entryOf(name).unsaved) saveLater(name, 0)
  } else if (error instanceof ApiProblem && (error.away || error.status === 401 || error.status >= 500)) {
    saveLater(name, RETRY_MS)
  }
  // Any other refusal, such as a ticket that left one's sight: the text stays in this browser.
}

function takeOver(name: string, draft: Schemas['Draft']) {
  const now = entryOf(name)
  const text = { html: draft.body_html ?? textToHtml(draft.body_text), attachmentIds: draft.attachment_ids }
  set(name, {
    ...text,
    server: { version: draft.version, at: draft.updated_at },
    others: draft.others,
    unsaved: false,
    revision: sameText(now, text) ? now.revision : now.revision + 1,
  })
}

const idsOf = (others: OtherText[] = []) => others.map(({ id }) => id).join()

/** Compares with what the server has: newer texts are taken over, those sent or discarded elsewhere go. */
function learn(all: Schemas['Draft'][], askedAt: number) {
  const there = new Set<string>()
  for (const draft of all) {
    const name = nameOf(draft.ticket_id, draft.kind)
    there.add(name)
    const entry = entryOf(name)
    const { server, unsaved, others } = entry
    if (saving.has(name)) continue
    if (unsaved) saveLater(name)
    if (unsaved || (server?.version === draft.version && server.at === draft.updated_at)) {
      if (idsOf(others) !== idsOf(draft.others)) set(name, { ...entry, others: draft.others })
    } else takeOver(name, draft)
  }
  for (const name of namesKept('draft:')) {
    const entry = entryOf(name)
    if (there.has(name) || (touched.get(name) ?? 0) > askedAt) continue
    if (entry.unsaved) saveLater(name)
    else if (entry.server || entry.others?.length) set(name, { ...EMPTY, revision: entry.revision + 1 })
  }
}

/** When each draft was last written here: an older answer says nothing about it. */
const touched = new Map<string, number>()

/** Everything the signed-in person has begun, on any device. */
export const draftsQuery = queryOptions({
  queryKey: ['drafts'],
  staleTime: 10_000,
  queryFn: async ({ signal }) => {
    const askedAt = Date.now()
    await Promise.all(saving.values())
    const all: Schemas['Draft'][] = []
    let after: string | undefined
    do {
      const query = { limit: 200, ...(after ? { after } : {}) }
      const page: Schemas['Page_Draft'] = await unwrap(api.GET('/api/drafts', { params: { query }, signal }))
      all.push(...page.items)
      after = page.next ?? undefined
    } while (after)
    learn(all, askedAt)
    return all.map(({ ticket_id, kind }) => ({ ticket_id, kind }))
  },
})

export const drafts = {
  read: (ticket: number, kind: DraftKind): DraftText => entryOf(nameOf(ticket, kind)),

  /** What is typed now; nothing at all discards the draft. */
  write(ticket: number, kind: DraftKind, change: Partial<DraftText>) {
    const name = nameOf(ticket, kind)
    touched.set(name, Date.now())
    set(name, { ...entryOf(name), ...change, unsaved: true })
    saveLater(name)
  },

  /** The version that the server has of it; 0 for none. */
  version: (ticket: number, kind: DraftKind): number => entryOf(nameOf(ticket, kind)).server?.version ?? 0,

  /** Another version becomes the text, and this text stands beside it. False while this could not be saved. */
  async takeOther(ticket: number, kind: DraftKind, other: OtherText): Promise<boolean> {
    const name = nameOf(ticket, kind)
    for (let tries = 0; entryOf(name).unsaved; tries++) {
      if (tries === 3) return false
      await save(name)
    }
    const now = entryOf(name)
    touched.set(name, Date.now())
    set(
      name,
      // Naming no version, so that the server keeps what it has.
      withServer(
        {
          ...now,
          html: other.body_html ?? textToHtml(other.body_text),
          attachmentIds: [...new Set([...now.attachmentIds, ...other.attachment_ids])],
          others: now.others?.filter(({ id }) => id !== other.id) ?? [],
          unsaved: true,
          revision: now.revision + 1,
        },
        undefined,
      ),
    )
    void save(name)
    return true
  },

  async discardOther(ticket: number, kind: DraftKind, id: number) {
    await unwrap(api.DELETE('/api/drafts/{id}', { params: { path: { id } } })).catch(isGone)
    const name = nameOf(ticket, kind)
    const entry = entryOf(name)
    touched.set(name, Date.now())
    set(name, { ...entry, others: entry.others?.filter((each) => each.id !== id) ?? [] })
  },
}

/** Saves all that is not saved yet: before log-out, and when the page is hidden. */
export const saveDrafts = () => Promise.allSettled(namesKept('draft:').map((name) => save(name)))

/** The draft of one kind on a ticket. `revision` changes when its text comes from elsewhere, and after it was sent. */
export function useDraft(
  ticket: number,
  kind: DraftKind,
): DraftText & { revision: number; unsaved: boolean; others?: OtherText[] } {
  useQuery(draftsQuery)
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => edition,
  )
  return entryOf(nameOf(ticket, kind))
}

/** After a line was down: what could not be saved is, and what other devices wrote is read. */
export const syncDrafts = (client: QueryClient) => {
  void saveDrafts().then(() => client.invalidateQueries({ queryKey: draftsQuery.queryKey }))
}

onPersonChange(() => {
  for (const timer of timers.values()) clearTimeout(timer)
  timers.clear()
  saving.clear()
  touched.clear()
  tried.clear()
  entries.clear()
  edition++
})

globalThis.document?.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') void saveDrafts()
})
