import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ChevronDown, Lock } from 'lucide-react'
import { Suspense, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { Menu } from '@/components/ui/menu'
import { statusesQuery, statusOf } from '@/desk/config'
import { drafts, useDraft } from '@/desk/drafts'
import type { Ticket } from '@/desk/tickets'
import { problemsOf } from '@/lib/api/client'
import { lazyPart } from '@/lib/lazy-part'
import { useCreateMessage } from './queries'

const Editor = lazyPart(() => import('./editor'))

export type Kind = 'reply' | 'note'

/** Writes a public reply or an internal note. Drafts are kept per ticket and kind until they are sent. */
export function Composer({
  ticket,
  kind,
  focus,
  onKind,
  onWriting,
}: {
  ticket: Ticket
  kind: Kind
  focus: number
  onKind: (kind: Kind) => void
  onWriting: (writing: boolean) => void
}) {
  const { data: statuses } = useQuery(statusesQuery)
  const send = useCreateMessage(ticket.id)
  const [chosen, setChosen] = useState<string | null>(null)
  const draft = useDraft(ticket.id, kind)
  // By kind: a note is sent although the reply before it has no answer yet, and each failure stays with its text.
  const pending = useRef(new Set<Kind>())
  const [sending, setSending] = useState<Partial<Record<Kind, boolean>>>({})
  const [failed, setFailed] = useState<Partial<Record<Kind, Error>>>({})
  const note = kind === 'note'
  // What a reply is sent with unless another status is chosen: the ticket then waits for the requester.
  const status = chosen ?? statusOf(statuses, 'pending')?.key ?? 'pending'
  const label = statuses?.items.find(({ key }) => key === status)?.label ?? 'Pending'
  const error = failed[kind]

  const submit = () => {
    if (pending.current.has(kind)) return
    // Read by kind, never shared between the tabs: a note must not go out as a reply.
    const { html } = drafts.read(ticket.id, kind)
    if (!html.replace(/<[^>]*>/g, '').trim()) return
    pending.current.add(kind)
    setSending((all) => ({ ...all, [kind]: true }))
    setFailed((all) => ({ ...all, [kind]: undefined }))
    // A promise, not callbacks of mutate: those are dropped when the page is left before the answer.
    send
      .mutateAsync({ kind, body_html: html, ...(note ? {} : { status }) })
      .then(
        () => {
          // Text typed while sending stays.
          if (drafts.sent(ticket.id, kind, html)) onWriting(false)
        },
        (error: Error) => setFailed((all) => ({ ...all, [kind]: error })),
      )
      .finally(() => {
        pending.current.delete(kind)
        setSending((all) => ({ ...all, [kind]: false }))
      })
  }
  const tab = (value: Kind, name: string) => (
    <button
      type="button"
      role="tab"
      aria-selected={kind === value}
      className={clsx(
        'h-6 rounded px-2 font-medium',
        kind === value
          ? value === 'note'
            ? 'bg-note-line/50 text-note-ink'
            : 'bg-accent-soft text-accent'
          : 'text-dim hover:bg-hover',
      )}
      onClick={() => onKind(value)}
    >
      {name}
    </button>
  )
  return (
    <section
      aria-label="Write"
      className={clsx(
        'mx-auto max-w-[760px] rounded-xl border p-2.5',
        note ? 'border-note-line bg-note' : 'border-line bg-raised',
      )}
    >
      <div className="mb-1.5 flex items-center gap-1">
        <span role="tablist" aria-label="Kind of message" className="flex gap-1">
          {tab('reply', 'Reply')}
          {tab('note', 'Internal note')}
        </span>
        <span className="ml-1 flex items-center gap-1 text-[12px] text-dim">
          {note ? (
            <>
              <Lock size={11} aria-hidden /> only your team sees this
            </>
          ) : (
            `to ${ticket.requester.name}`
          )}
        </span>
      </div>
      <Suspense fallback={<div className="h-[98px]" aria-hidden />}>
        <Editor
          key={`${kind}${draft.revision}`}
          initial={draft.html}
          placeholder={note ? 'Write a note for your team…' : `Reply to ${ticket.requester.name.split(' ')[0]}…`}
          label={note ? 'Internal note' : 'Reply'}
          focus={focus}
          onSubmit={submit}
          onChange={(next, empty) => {
            drafts.write(ticket.id, kind, { html: empty ? '' : next })
            onWriting(!empty)
          }}
        >
          <span className="flex-1" />
          <Button variant="primary" onClick={submit} disabled={sending[kind]} className={note ? '' : 'rounded-r-none'}>
            {note ? 'Add note' : `Send as ${label}`}{' '}
            <span className="hidden lg:inline">
              <Kbd>Ctrl ↵</Kbd>
            </span>
          </Button>
          {!note && (
            <Menu
              label="Send as"
              trigger={
                <Button
                  variant="primary"
                  className="rounded-l-none border-l border-accent-ink/30 px-1"
                  aria-label="Choose the status to send with"
                >
                  <ChevronDown size={15} />
                </Button>
              }
              items={
                statuses?.items
                  .filter(({ category }) => ['open', 'pending', 'on_hold', 'solved'].includes(category))
                  .map(({ key, label }) => ({
                    key,
                    label: `Send as ${label}`,
                    chosen: key === status,
                    run: () => setChosen(key),
                  })) ?? []
              }
            />
          )}
        </Editor>
      </Suspense>
      {error && (
        <div role="alert" className="mt-1.5 text-danger">
          <p>{error.message}</p>
          {problemsOf(error).map(({ path, message }) => (
            <p key={path}>
              {path}: {message}
            </p>
          ))}
        </div>
      )}
    </section>
  )
}
