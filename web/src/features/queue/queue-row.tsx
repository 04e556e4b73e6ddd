import clsx from 'clsx'
import { type MouseEvent, memo } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import type { Row } from '@/desk/tickets'
import type { Column } from './columns'
import { t } from './messages'
import { cellOf, Others, type Present } from './row-parts'

const cell = 'flex min-w-0 items-center'

/** A click that the browser makes a new tab or window of. */
export const opensElsewhere = (event: MouseEvent) =>
  event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0

export const rowId = (key: number | string) => `row-${key}`

interface Props {
  row: Row
  /** Its place among all that is listed. */
  at: number
  start: number
  height: number
  current: boolean
  picked: boolean
  unread: boolean
  /** Who else is on it now. */
  people: Present[] | undefined
  problem: string | undefined
  columns: Column[]
  onOpen: (at: number, event: MouseEvent) => void
  onPick: (at: number, range: boolean) => void
  onMenu: (at: number) => void
}

/** One ticket of the queue. Its callbacks keep their identity, so that a moving cursor draws two rows, not forty. */
export const QueueRow = memo(function QueueRow({
  row,
  at,
  start,
  height,
  current,
  picked,
  unread,
  people,
  problem,
  columns,
  onOpen,
  onPick,
  onMenu,
}: Props) {
  return (
    <div
      role="row"
      id={rowId(row.id)}
      aria-rowindex={at + 2}
      aria-selected={picked}
      tabIndex={-1}
      data-ticket={row.id}
      data-current={current || undefined}
      onContextMenu={(event) => {
        if (event.shiftKey) return
        event.preventDefault()
        onMenu(at)
      }}
      className={clsx(
        'queue-columns group absolute inset-x-0 isolate border-b border-line',
        picked ? 'bg-picked' : current ? 'bg-hover' : 'hover:bg-hover',
        current && 'row-bar',
      )}
      style={{ height, top: start }}
    >
      <span role="gridcell" className={cell}>
        <Checkbox
          aria-label={t.row.select(row.id)}
          tabIndex={-1}
          checked={picked}
          onClick={(event: MouseEvent) => onPick(at, event.shiftKey)}
          onChange={() => undefined}
          className={clsx('relative z-10', !picked && !current && 'opacity-0 in-[.group:hover]:opacity-100')}
        />
      </span>
      {columns.map(({ key, end }) =>
        key === 'subject' ? (
          <span key={key} role="gridcell" className={clsx(cell, 'gap-2')}>
            {unread && (
              <span role="img" aria-label={t.row.unread} className="size-[7px] shrink-0 rounded-full bg-accent" />
            )}
            <a
              href={`/tickets/${row.id}`}
              tabIndex={-1}
              draggable={false}
              dir="auto"
              onClick={(event) => onOpen(at, event)}
              className={clsx(
                'truncate outline-none after:absolute after:inset-0',
                unread ? 'font-semibold' : 'font-normal',
              )}
            >
              {row.subject}
            </a>
            {problem ? (
              <span className="truncate rounded bg-danger-soft px-1.5 text-[12px] text-danger" dir="auto">
                {problem}
              </span>
            ) : (
              <span className="min-w-0 flex-1 truncate text-dim" dir="auto">
                {row.snippet}
              </span>
            )}
            {people && <Others people={people} />}
          </span>
        ) : (
          <span key={key} role="gridcell" className={clsx(cell, end && 'justify-end text-dim')}>
            {cellOf(row, key)}
          </span>
        ),
      )}
    </div>
  )
})

export const QueueSkeleton = ({ height }: { height: number }) => (
  <div className="flex items-center gap-4 border-b border-line px-4" style={{ height }} aria-hidden>
    <span className="h-3 w-12 animate-pulse rounded bg-hover motion-reduce:animate-none" />
    <span className="h-3 flex-1 animate-pulse rounded bg-hover motion-reduce:animate-none" />
    <span className="h-3 w-32 animate-pulse rounded bg-hover motion-reduce:animate-none" />
  </div>
)
