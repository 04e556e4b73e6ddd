/** One's own changes follow on each other: they are no conflict, whatever was on screen when they were made. */
const own = new Map<string, number>()

/** The version to send for a change made while `seen` was on screen. */
export function ownVersion(id: number, seen: number): number {
  const next = own.get(`${id}:${seen}`)
  return next === undefined ? seen : ownVersion(id, next)
}

export function madeVersion(id: number, from: number, to: number) {
  if (to > from) own.set(`${id}:${from}`, to)
}
