import { useRef, useState } from 'react'
import type { Row } from '@/desk/tickets'

/** The selected tickets of a queue: some of the loaded ones, or all of the list, loaded or not. */
export function useSelection(rows: Row[]) {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const [whole, setWhole] = useState(false)
  const lastIndex = useRef(0)
  const all = rows.length > 0 && (whole || rows.every((row) => selected.has(row.id)))
  const set = (next: ReadonlySet<number>) => {
    setWhole(false)
    setSelected(next)
  }
  /** The selection as it is shown, when one ticket is taken out of all. */
  const current = () => new Set(whole ? rows.map((row) => row.id) : selected)
  return {
    has: (id: number) => whole || selected.has(id),
    count: whole ? rows.length : selected.size,
    /** Every ticket of the list, over all of its pages. */
    whole,
    all,
    some: (whole || selected.size > 0) && !all,
    clear: () => set(new Set()),
    selectWhole: () => setWhole(true),
    /** These, as far as they are in the list. */
    select: (ids: number[]) => set(new Set(ids.filter((id) => rows.some((row) => row.id === id)))),
    toggleAll: () => set(new Set(all ? [] : rows.map((row) => row.id))),
    /** All of these rows, or none of them when all were. */
    toggleSome: (ids: number[]) => {
      const next = current()
      const adds = !ids.every((id) => next.has(id))
      for (const id of ids) adds ? next.add(id) : next.delete(id)
      set(next)
    },
    /** `range`: all rows from the one toggled last. */
    toggle: (index: number, range = false) => {
      const row = rows[index]
      if (!row) return
      const next = current()
      const adds = !next.has(row.id)
      const [from, to] = range ? [lastIndex.current, index].sort((a, b) => a - b) : [index, index]
      for (const { id } of rows.slice(from, (to ?? index) + 1)) adds ? next.add(id) : next.delete(id)
      lastIndex.current = index
      set(next)
    },
  }
}
