/** Where the keyboard stands in a list: on a ticket or the head of a group. */
import { useEffect, useRef, useState } from 'react'
import { type Entry, keyOf } from './entries'

type Key = number | string

/** So soon after a ticket has left under the cursor, `j` is the end of that act and no step of its own. */
const SAME_ACT_MS = 2000

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
  const here = entries[at]
  // When what one did here has taken the ticket away, and so brought the next one under the cursor.
  const cameAt = useRef(0)
  const stood = useRef<Key>(undefined)
  useEffect(() => {
    const now = here && keyOf(here)
    const before = stood.current
    stood.current = now
    if (now === before || typeof before !== 'number' || !changedHere.has(before)) return
    if (!entries.some((entry) => keyOf(entry) === before)) cameAt.current = Date.now()
  }, [here, entries, changedHere])
  const moveTo = (index: number) => {
    cameAt.current = 0
    const next = Math.min(Math.max(index, 0), entries.length - 1)
    const entry = entries[next]
    setCursor({ key: entry && keyOf(entry), index: next })
    return next
  }
  /** One on, except to where the act before has led already: who goes on by habit skips nothing. */
  const moveOn = () => moveTo(Date.now() - cameAt.current < SAME_ACT_MS ? at : at + 1)
  return { at, here, moveTo, moveOn }
}
