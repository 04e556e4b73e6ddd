import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import clsx from 'clsx'
import { Paperclip } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CONTROL } from '@/components/ui/field'
import { Modal } from '@/components/ui/modal'
import { splitTicket } from '@/desk/ticket-acts'
import type { Ticket } from '@/desk/tickets'
import { type MessageItem, timelineQuery } from '@/desk/timeline'
import { useTimes } from '@/desk/times'
import { useKept } from '@/lib/use-kept'
import { t } from './messages'

/** What is to be split off: one message, or the first of a ticket that was merged into this one. */
export interface SplitOff {
  message?: number
  merged?: number
}

/** Makes a ticket of one message. */
export function SplitDialog({ ticket, what, onClose }: { ticket: Ticket; what: SplitOff | null; onClose: () => void }) {
  return (
    <Modal open={what !== null} onClose={onClose} title={t.title(ticket.id)}>
      {what && <Split ticket={ticket} what={what} onClose={onClose} />}
    </Modal>
  )
}

function Split({ ticket, what, onClose }: { ticket: Ticket; what: SplitOff; onClose: () => void }) {
  const query = useInfiniteQuery(timelineQuery(ticket.id, 'conversation'))
  const { exact } = useTimes()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [tried, setTried] = useState(false)
  const { value: subject, write: setSubject, forget } = useKept(`split:${ticket.id}`, ticket.subject)
  const [picked, setPicked] = useState(what.message)
  const messages = (query.data ?? []).filter(
    (item): item is MessageItem => item.kind === 'message' && item.message_kind !== 'system',
  )
  // What a customer asks in passing is what becomes a ticket of its own.
  const asked = messages.findLast(({ author }) => author?.role === 'customer') ?? messages.at(-1)
  const chosen =
    messages.find(({ id }) => id === picked) ?? messages.find(({ ticket_id }) => ticket_id === what.merged) ?? asked
  const wrong = tried && !subject.trim()
  const run = async () => {
    if (!chosen) return
    setTried(true)
    if (!subject.trim()) return
    const open = (id: number) => void navigate({ to: '/tickets/$id', params: { id: String(id) } })
    const split = { ticket: chosen.ticket_id, body: { message_id: chosen.id, subject } }
    onClose()
    // What was refused or taken back is there again.
    if (await splitTicket(client, split, open)) forget()
  }
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        void run()
      }}
    >
      <fieldset>
        <legend className="font-medium">{t.which}</legend>
        <p className="mb-2 text-[12px] text-dim">{t.copy}</p>
        <div className="max-h-[36vh] space-y-1 overflow-y-auto rounded-lg border border-line p-1">
          {query.hasNextPage && (
            <Button className="w-full justify-center text-dim" onClick={() => query.fetchNextPage()}>
              {t.earlier}
            </Button>
          )}
          {query.isPending && (
            <div role="status" aria-label={t.loading} className="h-28 animate-pulse rounded bg-hover" />
          )}
          {query.isError && !query.data && (
            <p role="alert" className="flex items-center gap-2 p-2">
              {t.failed}
              <Button variant="chip" onClick={() => query.refetch()}>
                {t.tryAgain}
              </Button>
            </p>
          )}
          {messages.map((message) => (
            <label
              key={message.id}
              className={clsx(
                'flex cursor-pointer gap-2.5 rounded-md p-2 has-focus-visible:outline-2 has-focus-visible:outline-accent',
                message.id === chosen?.id ? 'bg-accent-soft' : 'hover:bg-hover',
              )}
            >
              <input
                type="radio"
                name="message"
                className="mt-1 size-4 shrink-0 accent-accent outline-none"
                checked={message.id === chosen?.id}
                onChange={() => setPicked(message.id)}
              />
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap items-center gap-x-2 text-[12px] text-dim">
                  <bdi className="font-medium text-ink">
                    {t.message(message.author?.name ?? t.somebody, exact(message.at))}
                  </bdi>
                  {message.message_kind === 'note' && <span className="text-note-ink">{t.note}</span>}
                  {message.ticket_id !== ticket.id && <span>{t.from(message.ticket_id)}</span>}
                  {message.attachments.length > 0 && (
                    <span className="flex items-center gap-0.5">
                      <Paperclip size={12} aria-hidden /> {message.attachments.length}
                    </span>
                  )}
                </span>
                <span dir="auto" className="line-clamp-2 [overflow-wrap:anywhere]">
                  {message.body_text.slice(0, message.quote_from ?? 300).trim() || t.empty}
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <label className="block">
        <span className="font-medium">{t.subject}</span>
        <input
          dir="auto"
          className={`${CONTROL} mt-1 h-9 max-md:h-11`}
          value={subject}
          aria-invalid={wrong}
          maxLength={500}
          aria-describedby={wrong ? 'split-subject-error' : undefined}
          onChange={(event) => setSubject(event.target.value)}
        />
        {wrong && (
          <span id="split-subject-error" role="alert" className="text-[12px] text-danger-ink">
            {t.noSubject}
          </span>
        )}
      </label>
      <div className="flex justify-end gap-2">
        <Button variant="chip" className="max-md:h-11" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" variant="primary" className="max-md:h-11" disabled={!chosen}>
          {t.split}
        </Button>
      </div>
    </form>
  )
}
