/** Brings people back to where they stood in a list, and tells the pages of its tickets what comes next. */
import { useLayoutEffect, useRef, useState } from 'react'
import { keepPosition, positionIn } from '@/desk/queue-position'
import type { Filters } from './filters'
import type { List } from './list'
import { queueQuery } from './queries'

/** As the address has it. */
const addressOf = ({ view, edited, filters }: List): Filters => {
  if (!view) return filters
  return edited ? { view: String(view.id), edited: '1', ...filters } : { view: String(view.id) }
}

export const SCROLLER = 'queue-rows'

export function useKeptPosition(list: List, total: { count: number; exact: boolean } | undefined) {
  const [start] = useState(() => positionIn({ ...addressOf(list) }))
  const now = useRef({ list, total, ticket: start.ticket, index: start.index })
  useLayoutEffect(() => {
    const box = document.getElementById(SCROLLER)
    return () => {
      const { list: left, total: count, ticket, index } = now.current
      keepPosition(
        {
          search: { ...addressOf(left) },
          queryKey: queueQuery(left).queryKey,
          total: count?.exact ? count.count : undefined,
        },
        { ticket, index, scrollTop: box?.scrollTop ?? 0 },
      )
    }
  }, [])
  const keep = (ticket: number | undefined, index: number) => {
    now.current = { list, total, ticket, index }
  }
  return { start, keep }
}
