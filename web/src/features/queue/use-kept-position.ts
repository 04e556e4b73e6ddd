/** Brings people back to where they stood in a list, and tells the pages of its tickets what comes next. */
import { useRouter } from '@tanstack/react-router'
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
  const router = useRouter()
  useLayoutEffect(() => {
    const box = document.getElementById(SCROLLER)
    // Read before the page changes: once it has begun to, it would be laid out for that alone.
    let left: number | undefined
    const stop = [
      router.subscribe('onBeforeNavigate', () => {
        left = box?.scrollTop
      }),
      router.subscribe('onResolved', () => {
        left = undefined
      }),
    ]
    return () => {
      for (const each of stop) each()
      const { list: of, total: count, ticket, index } = now.current
      keepPosition(
        {
          search: { ...addressOf(of) },
          queryKey: queueQuery(of).queryKey,
          total: count?.exact ? count.count : undefined,
        },
        { ticket, index, scrollTop: left ?? box?.scrollTop ?? 0 },
      )
    }
  }, [router])
  const keep = (ticket: number | undefined, index: number) => {
    now.current = { list, total, ticket, index }
  }
  return { start, keep }
}
