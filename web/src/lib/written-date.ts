/** Days and points in time as a field shows them: in the form of their region. */
import { wallClock } from './zoned'

/** How somebody reads and writes dates. */
export interface DateForm {
  locale: string
  zone: string | undefined
  now?: number
}

export const latin = (locale: string) => `${locale}-u-ca-gregory-nu-latn`

export const numeric = { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' } as const

export const midnight = (day: string) => new Date(`${day}T00:00:00Z`)

/** A day such as 2026-11-27 as it is edited: 27.11.2026 in German. What is no day is as it was. */
export const writeDay = (day: string, locale: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(midnight(day).getTime())
    ? new Intl.DateTimeFormat(latin(locale), numeric).format(midnight(day))
    : day

/** A point in time as it is edited, by the clock of the zone: 27.11.2026 14:30 in German. */
export function writeMoment(iso: string, { locale, zone }: DateForm): string {
  if (!/^\d{4}-\d\d-\d\dT/.test(iso) || Number.isNaN(Date.parse(iso))) return iso
  const { date, time } = wallClock(iso, zone)
  const clock = new Intl.DateTimeFormat(latin(locale), { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
  return `${writeDay(date, locale)} ${clock.format(new Date(`${date}T${time}:00Z`)).replace(/\s/g, ' ')}`
}
