/** Who is signed in on this page. What one person began must never reach the next who signs in here. */
const STORED = 'person'

let current: number | undefined
let doubted = false
const changeListeners = new Set<() => void>()
const knownListeners = new Set<() => void>()

/** Who was signed in here last, and has not logged out. */
export const lastPerson = () => localStorage.getItem(STORED)

export const currentPerson = () => current

/** Undefined as well while a session has ended and somebody, not yet known, is about to sign in. */
export const personForSure = () => (doubted ? undefined : current)

/** The API has said that the session has ended. */
export const isDoubted = () => doubted

/** The session has ended, or another begins: nothing is sent in the name of the one before until the API says who it is. */
export function doubtPerson() {
  doubted = true
}

/** Called whenever the API has said who is signed in; undefined after log-out. */
export function setPerson(id: number | undefined) {
  const before = current
  current = id
  doubted = false
  if (id === undefined) localStorage.removeItem(STORED)
  else localStorage.setItem(STORED, String(id))
  if (before !== undefined && before !== id) for (const listener of changeListeners) listener()
  for (const listener of knownListeners) listener()
}

const subscribeTo = (listeners: Set<() => void>) => (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Called when somebody else is signed in, or nobody; not when the same person signs in again. */
export const onPersonChange = subscribeTo(changeListeners)

/** Called each time the API has said who is signed in. */
export const onPersonKnown = subscribeTo(knownListeners)

// Another tab has logged out, or somebody else has logged in there: this one must not go on in the old name.
globalThis.window?.addEventListener('storage', ({ key, newValue }) => {
  if (key === STORED && current !== undefined && newValue !== String(current)) location.reload()
})
