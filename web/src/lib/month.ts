/** Days of the calendar, such as 2026-11-27: the same in every time zone. */

const at = (day: string) => new Date(`${day}T00:00:00Z`)

const dayAt = (date: Date, fallback: string) => {
  const year = date.getUTCFullYear()
  return year > 0 && year < 10_000 ? date.toISOString().slice(0, 10) : fallback
}

/** Some days and months after a day; in a shorter month its last day. What has no year of four digits is left out. */
export function addDays(day: string, days: number, months = 0): string {
  const date = at(day)
  if (months) {
    const wanted = date.getUTCDate()
    date.setUTCDate(1)
    date.setUTCMonth(date.getUTCMonth() + months)
    const last = new Date(date)
    last.setUTCMonth(last.getUTCMonth() + 1, 0)
    date.setUTCDate(Math.min(wanted, last.getUTCDate()))
  }
  date.setUTCDate(date.getUTCDate() + days)
  return dayAt(date, day)
}

/** Where browsers know it, else Monday: 1 to 7 for Sunday. */
export function firstWeekday(locale: string): number {
  const known = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number }
    weekInfo?: { firstDay: number }
  }
  return (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1
}

/** The weeks of the month of a day, whole: with the days before it and after it. */
export function daysOfMonth(day: string, first: number): string[][] {
  const begin = `${day.slice(0, 8)}01`
  const before = (at(begin).getUTCDay() - first + 7) % 7
  const length = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate()
  const weeks = Math.ceil((before + length) / 7)
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, place) => addDays(begin, week * 7 + place - before)),
  )
}
