import { t } from '@/components/messages'
import { instantOf, wallClock } from '@/lib/zoned'

/** Without it a browser waits for two more digits of the year. */
export const LAST_DATE = '9999-12-31'

/**
 * A point in time, chosen as date and time of the reader's zone. A date alone means `time`: when a working day begins.
 * The browser's own controls bring their calendar, keyboard and language; where there is no room for both, the time
 * stands below the date.
 */
export function DateTimeField({
  id,
  label,
  value,
  zone,
  time = '09:00',
  invalid = false,
  describedBy,
  className = 'h-7 min-w-0 rounded-md border border-line bg-raised px-1.5',
  onChange,
}: {
  id: string
  label: string
  /** ISO 8601, or null for none. */
  value: string | null
  zone: string | undefined
  time?: string
  invalid?: boolean
  describedBy?: string
  className?: string
  onChange: (value: string | null) => void
}) {
  const shown = value ? wallClock(value, zone) : { date: '', time: '' }
  const set = (date: string, clock: string) => onChange(date ? instantOf(date, clock || time, zone) : null)
  return (
    <span role="group" aria-label={label} className="flex min-w-0 flex-wrap gap-1">
      <input
        id={id}
        type="date"
        max={LAST_DATE}
        aria-label={t.date}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        className={className}
        value={shown.date}
        onChange={(event) => set(event.target.value, shown.time)}
      />
      <input
        type="time"
        aria-label={t.time}
        aria-invalid={invalid}
        className={className}
        value={shown.time}
        disabled={!shown.date}
        onChange={(event) => event.target.value && set(shown.date, event.target.value)}
      />
    </span>
  )
}
