/** The message that is being written: its text, its files, what stands against sending it, and sending it. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { statusesQuery, statusOf } from '@/desk/config'
import { drafts, useDraft } from '@/desk/drafts'
import { meQuery } from '@/desk/me'
import { tellDone } from '@/desk/playing'
import { type Ticket, ticketQuery } from '@/desk/tickets'
import { timelineQuery } from '@/desk/timeline'
import { countBlanks, endsWith, mentionsIn, overtakenBy, saysSomething } from './guards'
import { enqueue, openOutbox, useRestored } from './outbox'
import type { Kind, PutBack } from './outgoing'
import { sendAtClosing, sendMessage } from './queries'
import { moveUploads, placeOf, setUploads, uploadsOf, useUploads } from './uploads'

type Guard = 'slash' | 'blanks' | 'mentions' | 'overtaken' | 'files'

const PICTURE = /\/api\/attachments\/(\d+)\/content/g

/**
 * `onSent`: it goes, at once or as soon as its files are there; answers how to put back what a macro has changed for it.
 */
export function useMessage(
  ticket: Ticket,
  kind: Kind,
  onWriting: (writing: boolean) => void,
  onSent: () => PutBack | undefined,
) {
  const client = useQueryClient()
  const { data: me } = useQuery(meQuery)
  const { data: statuses } = useQuery(statusesQuery)
  const { data: timeline } = useInfiniteQuery(timelineQuery(ticket.id))
  const draft = useDraft(ticket.id, kind)
  const { html } = draft
  const place = placeOf(ticket.id, kind)
  const uploads = useUploads(place, draft.attachmentIds)
  const restored = useRestored(place)
  // Of each editor: one whose text was sent begins anew, the other keeps its cursor.
  const [version, setVersion] = useState({ reply: 0, note: 0 })
  const [guard, setGuard] = useState<Guard | null>(null)
  const [waiting, setWaiting] = useState(false)
  // The last message that was there when this was begun: whoever answers later is told of.
  const begun = useRef<Partial<Record<Kind, number>>>({})
  const last = timeline?.findLast((item) => item.kind === 'message')?.id ?? 0

  useEffect(() => {
    if (me) void openOutbox(me.id, { send: sendMessage(client), sendAtClosing })
  }, [me, client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the other draft, or one that was put back
  useEffect(() => {
    setGuard(null)
    setWaiting(false)
  }, [kind, restored])

  // What a reply is sent with unless another status is chosen: the ticket then waits for the requester.
  const chosen = statuses?.items.find(({ key }) => key === draft.status)
  // A note changes the status only when that was chosen, as macros do.
  const status = chosen ?? (kind === 'note' ? undefined : (statusOf(statuses, 'pending') ?? statusOf(statuses, 'open')))
  const setStatus = (key: string | null, of: Kind = kind) => drafts.write(ticket.id, of, { status: key })
  // Never below a note, nor twice.
  const written = (kind === 'reply' && me?.signature_text?.trim()) || ''
  const signature = written && !endsWith(html, written) ? written : ''
  const blanks = countBlanks(html)
  const mentioned = kind === 'reply' ? mentionsIn(html) : []
  const other =
    kind === 'reply' && begun.current.reply !== undefined
      ? overtakenBy(timeline, begun.current.reply, me?.id, ticket.requester.id)
      : undefined

  const begin = (empty: boolean) => {
    if (empty) delete begun.current[kind]
    else begun.current[kind] ??= last
    onWriting(!empty)
  }
  const write = (next: string, empty: boolean) => {
    const kept = empty ? '' : next
    drafts.write(ticket.id, kind, { html: kept })
    begin(empty)
    if (guard === 'slash') setGuard(null)
    if (guard === 'blanks' && !countBlanks(kept)) setGuard(null)
    if (guard === 'mentions' && !mentionsIn(kept).length) setGuard(null)
  }
  /** The text changed from without: the editor begins anew with it. */
  const renew = (of: Kind = kind) => setVersion((all) => ({ ...all, [of]: all[of] + 1 }))

  /** All of it becomes a message of the other kind, behind what is written there already. */
  const moveTo = (other: Kind) => {
    const { html: text, status: picked } = drafts.read(ticket.id, kind)
    const there = drafts.read(ticket.id, other)
    moveUploads(place, placeOf(ticket.id, other))
    drafts.write(ticket.id, other, { html: there.html + text, status: picked ?? there.status ?? null })
    drafts.write(ticket.id, kind, { html: '', unsigned: false, status: null })
    delete begun.current[kind]
    renew(kind)
    renew(other)
  }

  /** `agreed`: what its writer has seen and sends anyway; `as`: with this status. Answers what stands against it. */
  const submit = (agreed: Guard[] = [], as = status): Guard | null => {
    // Read by kind, never shared between the tabs: a note must not go out as a reply.
    const { html: text, unsigned } = drafts.read(ticket.id, kind)
    const files = uploadsOf(place)
    if (!me || (!saysSomething(text) && !files.length)) return null
    const stop = (found: Guard) => {
      setGuard(found)
      return found
    }
    if (countBlanks(text) && !agreed.includes('blanks')) return stop('blanks')
    if (kind === 'reply' && mentionsIn(text).length && !agreed.includes('mentions')) return stop('mentions')
    if (other && !agreed.includes('overtaken')) return stop('overtaken')
    if (files.some(({ state }) => state === 'failed')) return stop('files')
    setGuard(null)
    if (files.some(({ state }) => state === 'uploading')) {
      setWaiting(as !== status || !waiting)
      return null
    }
    const shown = new Set([...text.matchAll(PICTURE)].map(([, id]) => Number(id)))
    const current = client.getQueryData(ticketQuery(ticket.id).queryKey) ?? ticket
    const message = {
      person: me.id,
      ticket: ticket.id,
      requester: ticket.requester.id,
      kind,
      html: text,
      // A picture that was taken out of the text again does not go with it.
      files: files.filter(({ inline, id }) => !inline || (id !== undefined && shown.has(id))),
      ...(as ? { status: as.key } : {}),
      ...(written && !unsigned ? { signed: true } : {}),
      seen: last,
      version: current.version,
    }
    enqueue(message, onSent())
    setUploads(place, [])
    drafts.write(ticket.id, kind, { html: '', attachmentIds: [], unsigned: false, status: null })
    delete begun.current[kind]
    renew()
    onWriting(false)
    if (kind === 'reply') tellDone(ticket.id)
    return null
  }

  // Sent before its files were there: it goes now.
  const ready = waiting && !uploads.some(({ state }) => state === 'uploading')
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the last upload ends
  useEffect(() => {
    if (!ready) return
    setWaiting(false)
    submit(['mentions', 'overtaken'])
  }, [ready])

  return {
    me,
    place,
    uploads,
    html,
    /** What goes below it, unless it is `unsigned`. */
    signature,
    unsigned: draft.unsigned ?? false,
    sign: (signed: boolean) => drafts.write(ticket.id, kind, { unsigned: !signed }),
    unsaved: draft.unsaved,
    editorKey: `${kind}${version[kind]}-${restored}-${draft.revision}`,
    begin,
    write,
    renew,
    moveTo,
    submit,
    waiting,
    status,
    setStatus,
    guard,
    setGuard,
    blanks,
    mentioned,
    other,
  }
}
