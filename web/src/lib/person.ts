/** Who is signed in on this page. What one person began must never reach the next who signs in here. */
let current: number | undefined
const listeners = new Set<() => void>()

export const currentPerson = () => current

/** Called whenever the API has said who is signed in; undefined after log-out. */
export function setPerson(id: number | undefined) {
  if (id === current) return
  const before = current
  current = id
  // Signing in again as the same person after a session has ended passes through no other one.
  if (before !== undefined) for (const listener of listeners) listener()
}

/** Called when somebody else is signed in, or nobody. */
export function onPersonChange(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
