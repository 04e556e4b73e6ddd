/**
 * Moves through a list of links by `j`, `k` and the arrows: the focus itself moves, so that Enter opens, Ctrl+Enter
 * opens a new tab, and screen readers read each row.
 */
import { type KeyboardEvent, type RefObject, useRef } from 'react'
import { useCommands } from './commands'
import { t } from './messages'

export function useRowKeys(list: RefObject<HTMLElement | null>, onTop?: () => void) {
  const last = useRef<HTMLElement | null>(null)
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
  const move = (step: number) => {
    const all = rows()
    const focused = all.indexOf(document.activeElement as HTMLElement)
    // After a menu or a field had the focus it goes on where it was.
    const at = focused >= 0 ? focused : last.current ? all.indexOf(last.current) : -1
    if (focused === 0 && step < 0 && onTop) return onTop()
    const next = all[focused < 0 && at >= 0 ? at : Math.min(Math.max(at + step, 0), all.length - 1)]
    if (!next) return
    last.current = next
    next.focus()
    next.scrollIntoView({ block: 'nearest' })
  }
  useCommands([
    { keys: 'j', label: t.rows.next, run: () => move(1) },
    { keys: 'k', label: t.rows.previous, run: () => move(-1) },
  ])
  return {
    first: () => {
      const [row] = rows()
      last.current = row ?? null
      row?.focus()
    },
    /** For the list itself. */
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      if (!(event.target as HTMLElement).matches('[data-row]')) return
      event.preventDefault()
      move(event.key === 'ArrowDown' ? 1 : -1)
    },
  }
}
