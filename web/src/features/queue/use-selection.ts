import { useRef, useState } from 'react'
import type { Row } from '@/desk/tickets'

/** The selected tickets of a queue. */
export function useSelection(rows: Row[]) {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const lastIndex = useRef(0)
  const all = rows.length > 0 && rows.every((row) => selected.has(row.id))
  return {
    selected,
    all,
    some: selected.size > 0 && !all,
    clear: () => setSelected(new Set()),
    toggleAll: () => setSelected(new Set(all ? [] : rows.map((row) => row.id))),
    /** `range`: all rows from the one toggled last. */
    toggle: (index: number, range = false) => {
      const row = rows[index]
      if (!row) return
      const next = new Set(selected)
      const adds = !next.has(row.id)
      const [from, to] = range ? [lastIndex.current, index].sort((a, b) => a - b) : [index, index]
      for (const { id } of rows.slice(from, (to ?? index) + 1)) adds ? next.add(id) : next.delete(id)
      lastIndex.current = index
      setSelected(next)
    },
  }
}
