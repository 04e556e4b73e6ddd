import clsx from 'clsx'
import { type MouseEvent, useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import type { Ticket } from '@/desk/tickets'
import type { Refusal } from '../ticket-context'
import { t } from './messages'

// Leaving the field sends it as well.
const keepFocus = (event: MouseEvent) => event.preventDefault()

/** The subject, edited in place: Enter saves, Escape cancels. */
export function SubjectField({
  subject,
  refusal,
  seen,
  small,
  asked,
  onAsked,
  save,
}: {
  subject: string
  /** Of the subject sent last. */
  refusal: Refusal | undefined
  /** The ticket on screen. */
  seen: Ticket
  small: boolean
  /** Somebody asks to edit it by a key. */
  asked: boolean
  onAsked: () => void
  /** `seen`: the ticket as it was when somebody began to edit it. */
  save: (subject: string, seen: Ticket) => void
}) {
  const message = refusal?.message
  const [draft, setDraft] = useState<string | null>(null)
  const begun = useRef<Ticket>(undefined)
  const begin = () => {
    begun.current = seen
    setDraft(subject)
  }
  const cancelled = useRef(false)
  const sending = useRef(false)
  const [refused, setRefused] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time it is asked for
  useEffect(() => {
    if (!asked) return
    begin()
    onAsked()
  }, [asked])
  // The page of a preview is the queue's.
  const Heading = small ? 'h2' : 'h1'
  const size = small ? 'text-[16px] leading-6' : 'text-[20px] leading-7'
  const shape = '-mx-1.5 rounded-md px-1.5 font-semibold [overflow-wrap:anywhere]'
  // Refused text stays in the field, beside what is wrong with it.
  const shown = draft ?? (message && refused !== null ? refused : null)
  if (shown === null)
    return (
      <Heading className={clsx('mt-1 flex', size)}>
        <button
          type="button"
          dir="auto"
          className={clsx(
            shape,
            'line-clamp-2 min-w-0 hover:bg-hover',
            small && 'line-clamp-1',
            'max-md:line-clamp-none',
          )}
          title={`${subject}\n${t.subject.edit}`}
          onClick={begin}
        >
          {subject}
        </button>
      </Heading>
    )
  return (
    <div className="mt-1">
      <Heading className="sr-only">{subject}</Heading>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: they have just asked to edit it
        autoFocus
        rows={1}
        dir="auto"
        aria-label={t.subject.name}
        aria-invalid={Boolean(message)}
        aria-describedby={message ? 'subject-error' : undefined}
        className={clsx(
          shape,
          size,
          'field-sizing-content block max-h-[40vh] w-[calc(100%+12px)] resize-none bg-canvas outline-2 -outline-offset-1 outline-accent',
        )}
        value={shown}
        onFocus={(event) => event.currentTarget.setSelectionRange(shown.length, shown.length)}
        // A subject is one line, however long.
        onChange={(event) => setDraft(event.target.value.replace(/\s*\n\s*/g, ' '))}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          cancelled.current = event.key === 'Escape'
          sending.current = event.key === 'Enter'
          event.currentTarget.blur()
        }}
        onBlur={() => {
          const text = shown.trim()
          const again = refusal?.again && text === refused && !cancelled.current
          // It was sent already, and can be again: left as it is, until somebody asks for that.
          if (again && !sending.current) return setDraft(null)
          sending.current = false
          const before = begun.current ?? seen
          const kept = !cancelled.current && text !== before.subject
          cancelled.current = false
          setDraft(null)
          setRefused(kept ? text : null)
          if (kept) save(text, before)
        }}
      />
      {message && (
        <p id="subject-error" role="alert" className="text-[12px] text-danger">
          {refusal?.again
            ? t.refused.notSet(t.subject.name, String(refusal.value), message)
            : t.subject.refused(message)}
          {refusal?.again && (
            <Button className="ms-2 max-md:h-11" onMouseDown={keepFocus} onClick={refusal.again}>
              {t.refused.again}
            </Button>
          )}
        </p>
      )}
    </div>
  )
}
