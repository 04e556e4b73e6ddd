/** Points in time as the wall clock of a time zone shows them, and back. */

/** `{ date: '2026-11-27', time: '08:30' }` in this zone. */
export function wallClock(iso: string, timeZone: string | undefined): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone ? { timeZone } : {}),
  }).formatToParts(new Date(iso))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? ''
  // A year that is just being typed is a small one: 2, 20, 202.
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  }
}

/**
 * The point in time at which the clock of this zone shows that. In the hour that a change to summer time leaves out,
 * the one after it; in the hour that comes twice, the first.
 */
export function instantOf(date: string, time: string, timeZone: string | undefined): string | null {
  const wanted = Date.parse(`${date}T${time}:00Z`)
  if (Number.isNaN(wanted)) return null
  const shownAt = (at: number) => {
    const clock = wallClock(new Date(at).toISOString(), timeZone)
    return Date.parse(`${clock.date}T${clock.time}:00Z`)
  }
  // The offset before a change and after it: the earlier point that fits, else the later one.
  const candidates = [wanted - 86_400_000, wanted + 86_400_000].map((near) => wanted - (shownAt(near) - near))
  const fits = candidates.filter((at) => shownAt(at) === wanted)
  return new Date(fits.length ? Math.min(...fits) : Math.max(...candidates)).toISOString()
}
