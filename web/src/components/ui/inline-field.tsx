import clsx from 'clsx'
import { type ReactNode, useId, useRef, useState } from 'react'
import { t } from '@/components/messages'
import { keep, readKept } from '@/lib/kept-texts'

/**
 * A value that is edited where it stands: Enter or leaving saves, Escape cancels. What is refused stays in the field,
 * beside what is wrong with it. With a name in `kept`, what Escape has cancelled is there again when the field is opened
 * next; another Escape throws it away, and only Enter saves it as it is.
 */
export function InlineField<T>({
  label,
  value,
  type = 'text',
  multiline = false,
  disabled = false,
  kept,
  of,
  children,
  onSave,
}: {
  label: string
  value: string
  type?: 'text' | 'email' | 'tel'
  multiline?: boolean
  disabled?: boolean
  kept?: string
  /** What the value belongs to. */
  of?: T
  /** The value as it is shown, when it is more than its text. */
  children?: ReactNode
  /** Rejects with what is wrong with it. `seen`: what the value belongs to, as it was when the field was opened. */
  onSave: (text: string, seen: T | undefined) => Promise<unknown>
}) {
  const id = useId()
  const [draft, setDraft] = useState<string | null>(null)
  const [error, setError] = useState<string | null>(null)
  const cancelled = useRef(false)
  const entered = useRef(false)
  /** What the field held when it was opened. */
  const begun = useRef(value)
  const seen = useRef<T>(undefined)
  const remember = (text: string | undefined) =>
    kept && keep(kept, text === undefined || text === value ? undefined : { unsaved: true, value: text })
  const returned = useRef(false)
  const shown = children ?? (value ? <bdi>{value}</bdi> : <span className="text-dim">–</span>)
  const box = 'w-full rounded-md px-1.5 py-0.5 [overflow-wrap:anywhere] max-md:py-2.5'
  if (disabled) return <div className={box}>{shown}</div>
  if (draft === null)
    return (
      <button
        type="button"
        ref={(button) => {
          if (button && returned.current) button.focus()
          returned.current = false
        }}
        className={clsx(box, 'min-h-6 text-start hover:bg-hover', multiline && 'whitespace-pre-line')}
        aria-label={t.edit(label, value)}
        onClick={() => {
          begun.current = (kept && readKept<{ value: string }>(kept)?.value) ?? value
          seen.current = of
          setDraft(begun.current)
        }}
      >
        {shown}
      </button>
    )
  const leave = async () => {
    const text = draft.trim()
    const untouched = draft === begun.current && !entered.current && error === null
    entered.current = false
    if (cancelled.current || untouched || text === value) {
      if (text === value || (cancelled.current && draft === begun.current)) remember(undefined)
      cancelled.current = false
      setError(null)
      setDraft(null)
      return
    }
    setDraft(null)
    try {
      await onSave(text, seen.current)
      remember(undefined)
      setError(null)
    } catch (refused) {
      setDraft(text)
      setError(refused instanceof Error ? refused.message : String(refused))
    }
  }
  const Control = multiline ? 'textarea' : 'input'
  return (
    <div>
      <Control
        autoFocus
        {...(multiline ? { rows: 4 } : { type })}
        aria-label={label}
        aria-invalid={error !== null}
        aria-describedby={error ? id : undefined}
        dir="auto"
        className={clsx(box, 'bg-canvas outline-2 -outline-offset-1 outline-accent max-md:text-[16px]')}
        value={draft}
        onChange={(event) => {
          setDraft(event.target.value)
          remember(event.target.value)
        }}
        onKeyDown={(event) => {
          const saves = event.key === 'Enter' && (!multiline || event.ctrlKey || event.metaKey)
          if (!saves && event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          cancelled.current = event.key === 'Escape'
          entered.current = saves
          returned.current = true
          event.currentTarget.blur()
        }}
        onBlur={() => void leave()}
      />
      {error && (
        <p id={id} role="alert" className="px-1.5 text-[12px] leading-4 text-danger [overflow-wrap:anywhere]">
          {error}
        </p>
      )}
    </div>
  )
}
