/** Where the keyboard stands in a list: on a ticket or the head of a group. */
import { useState } from 'react'
import { type Entry, keyOf } from './entries'

type Key = number | string

export function useCursor(
  entries: Entry[],
  start: { ticket: number | undefined; index: number },
  changedHere: ReadonlySet<number>,
) {
  const [cursor, setCursor] = useState<{ key: Key | undefined; index: number }>({
    key: start.ticket,
    index: start.index,
  })
  // The cursor is on a ticket; when that has left, on the row where it was. A ticket that a change made here moves is
  // not followed: the next act is for the next ticket.
  const stays = typeof cursor.key === 'number' && changedHere.has(cursor.key)
  const found = cursor.key === undefined || stays ? -1 : entries.findIndex((entry) => keyOf(entry) === cursor.key)
  // Whoever comes to the list stands on its first ticket, not on the head above it.
  const begun = cursor.key === undefined && cursor.index === 0 && entries[0]?.kind === 'group' ? 1 : cursor.index
  const at = found >= 0 ? found : Math.max(0, Math.min(begun, entries.length - 1))
  const moveTo = (index: number) => {
    const next = Math.min(Math.max(index, 0), entries.length - 1)
    const entry = entries[next]
    setCursor({ key: entry && keyOf(entry), index: next })
    return next
  }
  return { at, here: entries[at], moveTo }
}
