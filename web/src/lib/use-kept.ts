import { useState } from 'react'
import { keep, readKept } from './kept-texts'

interface Kept<T> {
  unsaved: true
  value: T
}

/**
 * A text, or several, that somebody writes where it can be closed before it is sent: it is there again when they come
 * back. `initial`: how it begins, and what there is nothing to keep of. `name`: undefined keeps nothing.
 */
export function useKept<T>(name: string | undefined, initial: T) {
  const [value, setValue] = useState<T>(() => (name ? readKept<Kept<T>>(name)?.value : undefined) ?? initial)
  const same = (one: T) => JSON.stringify(one) === JSON.stringify(initial)
  const store = (next: T | undefined) =>
    name && keep(name, next === undefined || same(next) ? undefined : ({ unsaved: true, value: next } as Kept<T>))
  return {
    value,
    /** Something is written that is not sent. */
    kept: !same(value),
    write: (next: T) => {
      setValue(next)
      store(next)
    },
    /** It has been sent. */
    forget: () => store(undefined),
    startOver: () => {
      setValue(initial)
      store(undefined)
    },
  }
}
