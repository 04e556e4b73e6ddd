/** What screen readers are told of that happened outside of the focus. */
import { useSyncExternalStore } from 'react'

let said = { text: '', count: 0 }
const listeners = new Set<() => void>()

/** Says something once the reader has finished its sentence: a page that came, a change that was made by key. */
export function announce(text: string) {
  said = { text, count: said.count + 1 }
  for (const listener of listeners) listener()
}

/** Once, in the shell. */
export function Announcer() {
  const { text, count } = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    () => said,
  )
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {/* Another element each time, so that the same words are said again. */}
      {text && <span key={count}>{text}</span>}
    </div>
  )
}
