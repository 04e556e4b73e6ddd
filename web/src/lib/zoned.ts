/** Times as people write them, on the clock of a zone, and the moments that these are. */

const supported = (zone: string | undefined) => {
  try {
    return zone && new Intl.DateTimeFormat('en', { timeZone: zone }) ? zone : undefined
  } catch {
    return undefined
  }
}

/** What a clock in this zone shows at a moment, as if it were UTC. */
function wallClock(at: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
    ...(zone ? { timeZone: zone } : {}),
  }).formatToParts(at)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'))
}

/** A moment as `2026-11-21T09:30` on the clock of a zone, for an input; empty when it is none. */
export function toLocal(iso: string, zone: string | undefined): string {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? '' : new Date(wallClock(at, supported(zone))).toISOString().slice(0, 16)
}

/** The moment at which a clock of the zone shows `2026-11-21T09:30`; of an hour that the clock skips, the one after. */
export function fromLocal(local: string, zone: string | undefined): string | undefined {
  const wanted = Date.parse(`${local}Z`)
  if (Number.isNaN(wanted)) return undefined
  const known = supported(zone)
  const offset = (at: number) => wallClock(at, known) - at
  // The offset at the moment itself, which lies within a day of the same reading in UTC.
  const first = wanted - offset(wanted)
  const second = wanted - offset(first)
  const at = wallClock(second, known) === wanted ? second : Math.max(first, second)
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** What a clock in this zone shows now, `12:06`. */
export const clockIn = (at: number, zone: string | undefined) =>
  new Date(wallClock(at, supported(zone))).toISOString().slice(11, 16)
