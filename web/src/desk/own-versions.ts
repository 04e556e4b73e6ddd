/**
 * Which version of a ticket each of one's own changes led to: a change made before the answer to the last one has come
 * follows on it instead of conflicting with it.
 */
const next = new Map<string, number>()

/** The version to send for a change made while `seen` was on screen. */
export function ownVersion(id: number, seen: number): number {
  const after = next.get(`${id}:${seen}`)
  return after === undefined ? seen : ownVersion(id, after)
}

export function recordVersion(id: number, from: number, to: number) {
  if (to > from) next.set(`${id}:${from}`, to)
}
