import clsx from 'clsx'
import { useEffect, useRef, useState } from 'react'
import { t } from './messages'

/** The subject, edited in place: Enter saves, Escape cancels. */
export function SubjectField({
  subject,
  message,
  small,
  asked,
  onAsked,
  save,
}: {
  subject: string
  /** What is wrong with the subject sent last. */
  message: string | undefined
  small: boolean
  /** Somebody asks to edit it by a key. */
  asked: boolean
  onAsked: () => void
  save: (subject: string) => void
}) {
  const [draft, setDraft] = useState<string | null>(null)
  const cancelled = useRef(false)
  const [refused, setRefused] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time it is asked for
  useEffect(() => {
    if (!asked) return
    setDraft(subject)
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
          onClick={() => setDraft(subject)}
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
          event.currentTarget.blur()
        }}
        onBlur={() => {
          const text = shown.trim()
          const kept = !cancelled.current && text !== subject
          cancelled.current = false
          setDraft(null)
          setRefused(kept ? text : null)
          if (kept) save(text)
        }}
      />
      {message && (
        <p id="subject-error" role="alert" className="text-[12px] text-danger">
          {t.subject.refused(message)}
        </p>
      )}
    </div>
  )
}
