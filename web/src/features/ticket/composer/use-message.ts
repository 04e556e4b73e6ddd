/** The message that is being written: its text, its files, what stands against sending it, and sending it. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useActs } from '@/desk/acts'
import { statusesQuery, statusOf } from '@/desk/config'
import { drafts, useDraft } from '@/desk/drafts'
import { meQuery } from '@/desk/me'
import { tellDone } from '@/desk/playing'
import { type Ticket, ticketQuery } from '@/desk/tickets'
import { timelineQuery } from '@/desk/timeline'
import { useAppliedMacros } from './applied-macros'
import { countBlanks, endsWith, mentionsIn, overtakenBy, saysSomething } from './guards'
import { enqueue, openOutbox, useRestored } from './outbox'
import type { Kind } from './outgoing'
import { sendAtClosing, sendMessage } from './queries'
import { moveUploads, placeOf, setUploads, uploadsOf, useUploads } from './uploads'

type Guard = 'slash' | 'blanks' | 'mentions' | 'overtaken' | 'files'

const NONE: never[] = []
const PICTURE = /\/api\/attachments\/(\d+)\/content/g

/** `onSent`: it goes, at once or as soon as what it waits for is there; `fetching`: a macro that was chosen for it. */
export function useMessage(
  ticket: Ticket,
  kind: Kind,
  onWriting: (writing: boolean) => void,
  fetching: boolean,
  onSent: () => void,
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
  // What its writer has seen of it that waits; nothing once it is not to go by itself any more.
  const waits = useRef<Guard[] | null>(null)
  // The last message that was there when this was begun: whoever answers later is told of.
  const begun = useRef<Partial<Record<Kind, number>>>({})
  const last = timeline?.findLast((item) => item.kind === 'message')?.id ?? 0

  useEffect(() => {
    if (me) void openOutbox(me.id, { send: sendMessage(client), sendAtClosing })
  }, [me, client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the other draft, or one that was put back
  useEffect(() => {
    setGuard(null)
    stopWaiting()
  }, [kind, restored])

  const wait = (seen: Guard[] | null) => {
    waits.current = seen
    setWaiting(seen !== null)
  }
  const stopWaiting = () => wait(null)
  const uploading = uploads.some(({ state }) => state === 'uploading')
  const applied = useAppliedMacros(ticket.id, kind)
  const offline = useActs().some(({ lane, state }) => lane === `ticket-${ticket.id}` && state === 'waiting')
  // Without a line it waits in the outbox, behind what the macro changes.
  const applying = fetching || (!offline && applied.some((each) => each.applying))

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
    const { html: text, unsigned, status: picked } = drafts.read(ticket.id, kind)
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
    if (applying || files.some(({ state }) => state === 'uploading')) {
      wait(as !== status || !waiting ? ['mentions', 'overtaken'] : null)
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
      ...(picked ? { picked } : {}),
      ...(written && !unsigned ? { signed: true } : {}),
      draft: drafts.version(ticket.id, kind),
      seen: last,
      version: current.version,
    }
    onSent()
    enqueue(message)
    setUploads(place, [])
    drafts.write(ticket.id, kind, { html: '', attachmentIds: [], unsigned: false, status: null })
    delete begun.current[kind]
    renew()
    onWriting(false)
    if (kind === 'reply') tellDone(ticket.id)
    return null
  }

  // Sent before its files or its macro were there: it goes now.
  const ready = waiting && !uploading && !applying
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the last of them is there
  useEffect(() => {
    const seen = waits.current
    if (!ready || !seen) return
    stopWaiting()
    submit(seen)
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
    others: draft.others ?? NONE,
    editorKey: `${kind}${version[kind]}-${restored}-${draft.revision}`,
    begin,
    write,
    renew,
    moveTo,
    submit,
    waiting: waiting ? (applying ? ('macro' as const) : ('files' as const)) : null,
    /** It goes as soon as the macro that was chosen for it is in its text; asked for twice, it does not. */
    waitForMacro: () => wait(waiting ? null : []),
    stopWaiting,
    status,
    setStatus,
    guard,
    setGuard,
    blanks,
    mentioned,
    other,
  }
}
