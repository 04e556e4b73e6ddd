import clsx from 'clsx'
import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { ariaSort, type Column, nextSort, setWidth } from './columns'
import { t } from './messages'

/** The height of the head in pixels. */
export const HEAD = 36

const PICTURES: Record<string, React.ReactNode> = {
  priority: (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill="currentColor">
      <rect x="1.5" y="9" width="2" height="4" rx="0.8" />
      <rect x="5.5" y="6" width="2" height="7" rx="0.8" />
      <rect x="9.5" y="3" width="2" height="10" rx="0.8" />
    </svg>
  ),
  status: (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <circle cx="7" cy="7" r="1.4" fill="currentColor" />
    </svg>
  ),
}

const STEP = 16

const isRightToLeft = (element: HTMLElement) => getComputedStyle(element).direction === 'rtl'

/** Shift with an arrow makes a column wider or narrower, as dragging its edge does. */
const onWidthKey = (column: Column) => (event: KeyboardEvent<HTMLElement>) => {
  const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key]
  const cell = event.currentTarget.parentElement
  if (!step || !event.shiftKey || !cell) return
  event.preventDefault()
  setWidth(column.key, cell.getBoundingClientRect().width + (isRightToLeft(cell) ? -step : step))
}

/** Drags the edge of a column; a double click gives it the width it was made with. */
function Handle({ column, name }: { column: Column; name: string }) {
  const drag = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault()
    event.stopPropagation()
    const cell = event.currentTarget.parentElement
    const begun = cell?.getBoundingClientRect().width ?? column.width
    const from = event.clientX
    const direction = isRightToLeft(event.currentTarget) ? -1 : 1
    const move = (now: globalThis.PointerEvent) => setWidth(column.key, begun + direction * (now.clientX - from))
    const end = () => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', end)
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', end)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the head takes keys
    <span
      title={t.head.resize(name)}
      onPointerDown={drag}
      onDoubleClick={() => setWidth(column.key, undefined)}
      className="absolute -end-1.5 top-1 bottom-1 z-10 w-3 cursor-col-resize touch-none after:absolute after:inset-y-1 after:start-[5px] after:w-0.5 after:rounded after:bg-accent after:opacity-0 hover:after:opacity-100"
    />
  )
}

/** The names above the columns. A click sorts, another turns the order, the third takes it away. */
export function QueueHead({
  columns,
  names,
  sort,
  all,
  some,
  onAll,
  onSort,
}: {
  columns: Column[]
  names: (key: string) => string
  sort: string | undefined
  all: boolean
  some: boolean
  onAll: () => void
  onSort: (sort: string | undefined) => void
}) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="queue-columns sticky top-0 z-20 border-b border-line bg-panel text-[12px] text-dim"
      style={{ height: HEAD }}
    >
      <span role="columnheader" className="flex items-center">
        <Checkbox aria-label={all ? t.head.clearAll : t.head.selectAll} checked={all} some={some} onChange={onAll} />
      </span>
      {columns.map((column) => {
        const name = names(column.key)
        const order = ariaSort(column, sort)
        const sorted = order === 'ascending' || order === 'descending'
        const Arrow = order === 'ascending' ? ArrowUp : order === 'descending' ? ArrowDown : ArrowUpDown
        const picture = PICTURES[column.key]
        return (
          <span
            key={column.key}
            role="columnheader"
            aria-label={name}
            aria-sort={order}
            className={clsx('relative flex h-full min-w-0 items-center', column.end && 'justify-end')}
          >
            {column.sortable ? (
              <button
                type="button"
                aria-label={t.head.sort(name)}
                title={name}
                onClick={() => onSort(nextSort(column, sort))}
                onKeyDown={onWidthKey(column)}
                aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
                className={clsx(
                  'head -mx-1 flex h-7 min-w-6 items-center gap-1 rounded px-1 hover:bg-hover hover:text-ink',
                  sorted && 'font-medium text-ink',
                )}
              >
                {picture ? (
                  sorted ? (
                    <Arrow size={13} aria-hidden />
                  ) : (
                    picture
                  )
                ) : (
                  <>
                    <span className="truncate">{name}</span>
                    <Arrow
                      size={13}
                      aria-hidden
                      className={clsx(
                        'shrink-0',
                        !sorted && 'hidden in-[.head:hover]:block in-[.head:focus-visible]:block',
                      )}
                    />
                  </>
                )}
              </button>
            ) : (
              <span className="truncate">{name}</span>
            )}
            {column.width > 36 && <Handle column={column} name={name} />}
          </span>
        )
      })}
    </div>
  )
}
