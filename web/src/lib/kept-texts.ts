/**
 * What somebody has written and not sent, kept in this browser under their own id: whoever signs in next finds nothing
 * of it. Log-out removes what the server has as well.
 */
import { currentPerson } from './person'

const PREFIX = 'kept:'

const keyOf = (name: string) => `${PREFIX}${currentPerson() ?? 'nobody'}:${name}`

export function readKept<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(keyOf(name))
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

/** Undefined removes it. */
export function keep(name: string, value: unknown) {
  try {
    if (value === undefined) localStorage.removeItem(keyOf(name))
    else localStorage.setItem(keyOf(name), JSON.stringify(value))
  } catch {
    // A full store keeps what it has; the page still holds the text.
  }
}

/** The names of what is kept of the signed-in person that begin like this. */
export function namesKept(start: string): string[] {
  const whole = keyOf(start)
  const cut = keyOf('').length
  return Object.keys(localStorage).flatMap((key) => (key.startsWith(whole) ? [key.slice(cut)] : []))
}

/** At log-out. What the server does not have yet stays under its author's id, for their next log-in. */
export function forgetKept() {
  for (const key of Object.keys(localStorage)) {
    const unsaved = key.startsWith(PREFIX) && localStorage.getItem(key)?.includes('"unsaved":true')
    // Older versions of this program kept drafts under no name.
    if (!unsaved && (key.startsWith(PREFIX) || key.startsWith('draft:'))) localStorage.removeItem(key)
  }
}
