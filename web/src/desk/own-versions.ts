/**
 * Which version of a ticket or another record each of one's own changes led to: a change made before the answer to the
 * last one has come follows on it instead of conflicting with it.
 */
const next = new Map<string, number>()

/** The version to send for a change made while `seen` was on screen. `of`: a ticket's id, or a record's lane. */
export function ownVersion(of: number | string, seen: number): number {
  const after = next.get(`${of}:${seen}`)
  return after === undefined ? seen : ownVersion(of, after)
}

export function recordVersion(of: number | string, from: number, to: number) {
  if (to > from) next.set(`${of}:${from}`, to)
}
