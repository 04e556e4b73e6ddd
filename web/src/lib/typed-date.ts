/** Days and points in time as people type them in a field: in the form of their region, and in words. */
import { addDays } from './month'
import { type DateForm, latin, midnight, numeric } from './written-date'
import { instantOf, wallClock } from './zoned'

type Unit = 'day' | 'month' | 'year'

/** The day that a calendar has: 2026-02-30 is none. */
function dayOf(year: number, month: number, day: number): string | undefined {
  const text = [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-')
  const at = midnight(text)
  return !Number.isNaN(at.getTime()) && at.getUTCDate() === day ? text : undefined
}

const after = (day: string, count: number, unit: 'day' | 'week' | 'month') =>
  unit === 'month' ? addDays(day, 0, count) : addDays(day, count * (unit === 'week' ? 7 : 1))

const bare = (text: string) => text.toLowerCase().replace(/\./g, '')

/** The month that a word of the language begins with, from 1; three letters are enough. */
function monthOf(word: string, locale: string): number | undefined {
  const months = (language: string) =>
    Array.from({ length: 12 }, (_, at) =>
      bare(new Intl.DateTimeFormat(latin(language), { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, at, 1))),
    )
  const short = bare(word)
  if (short.length < 3) return undefined
  for (const language of [locale, 'en']) {
    const at = months(language).findIndex((month) => month.startsWith(short))
    if (at >= 0) return at + 1
  }
  return undefined
}

/** Today, tomorrow and their like in the language: from two days ago to two days ahead, as far as there are words. */
function dayNamed(word: string, locale: string): number | undefined {
  for (const language of [locale, 'en'])
    for (const days of [0, 1, -1, 2, -2])
      if (new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day').toLowerCase() === word)
        return days
  return undefined
}

const STEPS: [RegExp, 'day' | 'week' | 'month'][] = [
  [/^(d|days?|t|tage?n?)?$/, 'day'],
  [/^(w|weeks?|wochen?)$/, 'week'],
  [/^(m|months?|monate?n?)$/, 'month'],
]

const HOURS = /^([+-])\s*(\d{1,4})\s*(?:h|hours?|std\.?|stunden?)$/i

/** Two digits of a year are of this century or the last, whichever is nearer. */
const fullYear = (year: string, now: number) => {
  if (year.length !== 2) return Number(year)
  const near = Math.floor(now / 100) * 100 + Number(year)
  return near > now + 50 ? near - 100 : near
}

/** The order of day, month and year in a region. */
const orderOf = (locale: string) =>
  new Intl.DateTimeFormat(latin(locale), numeric)
    .formatToParts(0)
    .flatMap(({ type }) => (type === 'day' || type === 'month' || type === 'year' ? [type as Unit] : []))

/** The day that a text means, as 2026-11-27: in the order of the region, or with the year first; undefined for none. */
export function readDay(typed: string, { locale, zone, now = Date.now() }: DateForm): string | undefined {
  const text = typed.trim().toLowerCase()
  const today = wallClock(new Date(now).toISOString(), zone).date
  const named = dayNamed(text, locale)
  if (named !== undefined) return after(today, named, 'day')
  const [, sign, count, word = ''] = /^([+-])\s*(\d{1,4})\s*(\p{L}*)$/u.exec(text) ?? []
  const unit = STEPS.find(([form]) => form.test(word))?.[1]
  if (count) return unit && after(today, Number(`${sign}${count}`), unit)

  const thisYear = Number(today.slice(0, 4))
  const parts = text.match(/\p{L}+|\d+/gu) ?? []
  if (text.replace(/\p{L}+|\d+|[\s.,/-]/gu, '') || parts.length < 2 || parts.length > 3) return undefined
  const spelled = parts.findIndex((part) => /\p{L}/u.test(part))
  if (spelled >= 0) {
    const month = monthOf(parts[spelled] ?? '', locale)
    const [day = '', year = String(thisYear)] = parts.toSpliced(spelled, 1)
    if (!month || !/^\d{1,2}$/.test(day) || !/^(\d{2}|\d{4})$/.test(year)) return undefined
    return dayOf(fullYear(year, thisYear), month, Number(day))
  }
  const order: Unit[] = parts[0]?.length === 4 ? ['year', 'month', 'day'] : orderOf(locale)
  const shown = parts.length === 3 ? order : order.filter((part) => part !== 'year')
  const at = (part: Unit) => parts[shown.indexOf(part)]
  const year = at('year') ?? String(thisYear)
  if (!/^(\d{2}|\d{4})$/.test(year) || [at('day'), at('month')].some((part) => !/^\d{1,2}$/.test(part ?? '')))
    return undefined
  return dayOf(fullYear(year, thisYear), Number(at('month')), Number(at('day')))
}

/** 14:30, 2:30 pm, 2 pm, 14 Uhr, 14.30 Uhr: as 14:30. */
function readTime(text: string): string | undefined {
  const [, hours, minutes = '00', half] =
    /^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|uhr)$/.exec(text.replace(/([ap])\.\s?m\.?$/, '$1m')) ??
    /^(\d{1,2}):(\d{2})$/.exec(text) ??
    []
  if (hours === undefined) return undefined
  const given = Number(hours)
  const twelve = half === 'am' || half === 'pm'
  if (Number(minutes) > 59 || given > 23 || (twelve && (given < 1 || given > 12))) return undefined
  const hour = twelve ? (given % 12) + (half === 'pm' ? 12 : 0) : given
  return `${String(hour).padStart(2, '0')}:${minutes}`
}

/** When a working day begins: what a day without a time means where there is one. */
export const MORNING = '09:00'

/** The point in time that a text means, in ISO 8601: a day with a time, the morning of a day, or a time of today. */
export function readMoment(typed: string, form: DateForm): string | undefined {
  const { zone, now = Date.now() } = form
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ')
  if (/^\d{4}-\d\d-\d\dt\d\d:\d\d.*(z|[+-]\d\d:?\d\d)$/.test(text)) {
    const at = Date.parse(typed.trim())
    return Number.isNaN(at) ? undefined : new Date(at).toISOString()
  }
  const [, sign, hours] = HOURS.exec(text) ?? []
  if (hours) {
    const minute = Math.floor(now / 60_000) * 60_000
    return new Date(minute + Number(`${sign}${hours}`) * 3_600_000).toISOString()
  }
  const alone = readTime(text)
  if (alone) return instantOf(wallClock(new Date(now).toISOString(), zone).date, alone, zone) ?? undefined
  const [, before = '', clock = ''] =
    /^(.*?\S)(?:,? (?:at |um )?|t(?=\d))(\d{1,2}(?:[:.]\d{2})?(?: ?(?:am|pm|uhr|[ap]\.\s?m\.?))?)$/.exec(text) ?? []
  const at = readTime(clock)
  const day = at ? readDay(before, form) : readDay(text, form)
  return day && (instantOf(day, at ?? MORNING, zone) ?? undefined)
}
