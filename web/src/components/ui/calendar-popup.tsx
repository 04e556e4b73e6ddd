import { Popover } from '@base-ui/react/popover'
import clsx from 'clsx'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { t } from '@/components/messages'
import { towardsEnd } from '@/lib/direction'
import { addDays, daysOfMonth, firstWeekday } from '@/lib/month'
import type { PopupProps } from './lazy-popup'

export interface CalendarProps extends PopupProps {
  label: string
  /** The chosen day, such as 2026-11-27. */
  day: string | undefined
  today: string
  locale: string
  onPick: (day: string) => void
}

/** A month to choose a day from: the arrows move by a day or a week, Page Up and Page Down by a month. */
export function CalendarPopup({ trigger, open, onOpenChange, label, ...month }: CalendarProps) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger render={trigger} />
      {open && (
        <Popover.Portal>
          <Popover.Positioner sideOffset={4} align="end" collisionPadding={8} className="z-50 outline-none">
            <Popover.Popup
              ref={popup}
              aria-label={label}
              initialFocus={() => popup.current?.querySelector<HTMLElement>('[tabindex="0"]') ?? true}
              className="rounded-lg border border-line bg-raised p-2 shadow-pop outline-none"
            >
              <Month
                {...month}
                onPick={(day) => {
                  month.onPick(day)
                  onOpenChange(false)
                }}
              />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      )}
    </Popover.Root>
  )
}

const ARROW = 'grid size-7 place-items-center rounded-md hover:bg-hover max-md:size-11'

function Month({ day, today, locale, onPick }: Pick<CalendarProps, 'day' | 'today' | 'locale' | 'onPick'>) {
  const [cursor, setCursor] = useState(day ?? today)
  const grid = useRef<HTMLTableElement>(null)
  const moved = useRef(false)
  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>(`[data-day="${cursor}"]`)?.focus()
    moved.current = false
  }, [cursor])
  const written = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(`${locale}-u-ca-gregory`, { ...options, timeZone: 'UTC' })
    return (each: string) => format.format(new Date(`${each}T00:00:00Z`))
  }
  const [full, short, long, number] = [
    written({ dateStyle: 'full' }),
    written({ weekday: 'short' }),
    written({ weekday: 'long' }),
    written({ day: 'numeric' }),
  ]
  const first = firstWeekday(locale)
  const weeks = daysOfMonth(cursor, first)
  const move = (days: number, months = 0) => {
    moved.current = true
    setCursor(addDays(cursor, days, months))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const place = weeks.flat().indexOf(cursor) % 7
    const step = {
      ArrowLeft: () => move(-towardsEnd()),
      ArrowRight: () => move(towardsEnd()),
      ArrowUp: () => move(-7),
      ArrowDown: () => move(7),
      Home: () => move(-place),
      End: () => move(6 - place),
      PageUp: () => move(0, event.shiftKey ? -12 : -1),
      PageDown: () => move(0, event.shiftKey ? 12 : 1),
    }[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }
  return (
    <>
      <div className="mb-1 flex items-center">
        <button
          type="button"
          aria-label={t.calendar.previous}
          className={ARROW}
          onClick={() => setCursor(addDays(cursor, 0, -1))}
        >
          <ChevronLeft size={16} className="rtl:-scale-x-100" aria-hidden />
        </button>
        <span aria-live="polite" className="flex-1 text-center font-semibold">
          {written({ month: 'long', year: 'numeric' })(cursor)}
        </span>
        <button
          type="button"
          aria-label={t.calendar.next}
          className={ARROW}
          onClick={() => setCursor(addDays(cursor, 0, 1))}
        >
          <ChevronRight size={16} className="rtl:-scale-x-100" aria-hidden />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table whose cells take the focus */}
      <table ref={grid} role="grid" aria-label={t.calendar.days} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {weeks[0]?.map((each) => (
              <th key={each} scope="col" abbr={long(each)} className="pb-1 text-[12px] font-normal text-dim">
                {short(each)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((each) => (
                // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a cell of a grid has it
                <td key={each} aria-selected={each === day} className="p-0">
                  <button
                    type="button"
                    data-day={each}
                    tabIndex={each === cursor ? 0 : -1}
                    aria-label={full(each)}
                    aria-current={each === today ? 'date' : undefined}
                    className={clsx(
                      'size-8 rounded-md tabular-nums max-md:size-11 max-[350px]:size-10',
                      each === day ? 'bg-accent text-accent-ink' : 'hover:bg-hover',
                      each === today && 'font-bold underline underline-offset-4',
                      each.slice(0, 7) !== cursor.slice(0, 7) && each !== day && 'text-dim',
                    )}
                    onClick={() => onPick(each)}
                  >
                    {number(each)}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
