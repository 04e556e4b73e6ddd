import { CalendarDays } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { t } from '@/components/messages'
import { MORNING, readDay, readMoment } from '@/lib/typed-date'
import { type DateForm, writeDay, writeMoment } from '@/lib/written-date'
import { instantOf, wallClock } from '@/lib/zoned'
import { Calendar } from './calendar'

/**
 * A day, or a point in time by the clock of the reader's zone: typed in the form of their region, or in words such as
 * tomorrow and +3 d, or chosen from a calendar. Left, it shows what was understood; what was not stays as it was typed.
 */
export function DateField({
  id,
  label,
  value,
  withTime,
  form,
  className,
  onText,
  onPick,
  ...input
}: {
  id: string
  label: string
  /** 2026-11-27 or, with a time, ISO 8601; text that is neither is shown as it is. */
  value: string
  withTime: boolean
  form: DateForm
  className: string
  /** At each key: the value, or the text while it is none. */
  onText: (value: string) => void
  /** A day was chosen from the calendar. */
  onPick: (value: string) => void
  'aria-invalid': boolean
  'aria-describedby': string | undefined
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
  onBlur?: () => void
}) {
  const [draft, setDraft] = useState<string | null>(null)
  const [open, setOpen] = useState(false)
  const { locale, zone } = form
  const today = wallClock(new Date().toISOString(), zone).date
  const clock = withTime && value && !Number.isNaN(Date.parse(value)) ? wallClock(value, zone) : undefined
  const day = withTime ? clock?.date : value && readDay(value, form)
  const example = withTime ? writeMoment(`${today}T12:30:00Z`, { locale, zone: 'UTC' }) : writeDay(today, locale)
  return (
    <span className="relative flex min-w-0 items-start">
      <input
        {...input}
        id={id}
        type="text"
        autoComplete="off"
        title={[t.calendar.typed(example), withTime && zone && t.calendar.inZone(zone)].filter(Boolean).join('\n')}
        placeholder="–"
        className={`${className} pe-7! max-md:pe-11!`}
        value={draft ?? (withTime ? writeMoment(value, form) : writeDay(value, locale))}
        onChange={({ target }) => {
          setDraft(target.value)
          const text = target.value.trim()
          onText((withTime ? readMoment(text, form) : readDay(text, form)) ?? text)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' && event.altKey) {
            event.preventDefault()
            setOpen(true)
          } else input.onKeyDown?.(event)
        }}
        onBlur={() => {
          setDraft(null)
          input.onBlur?.()
        }}
      />
      <span className="absolute end-0 top-0">
        <Calendar
          label={label}
          day={day || undefined}
          today={today}
          locale={locale}
          open={open}
          onOpenChange={setOpen}
          onPick={(next) => onPick(withTime ? (instantOf(next, clock?.time ?? MORNING, zone) ?? next) : next)}
          trigger={
            <button
              type="button"
              aria-label={t.calendar.open}
              title={t.calendar.of(label)}
              className="grid size-6 place-items-center rounded text-dim hover:text-ink max-md:size-11"
            >
              <CalendarDays size={14} aria-hidden />
            </button>
          }
        />
      </span>
    </span>
  )
}
