import clsx from 'clsx'
import { Check, UserPlus } from 'lucide-react'
import { type MouseEvent, memo } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Checkbox } from '@/components/ui/checkbox'
import { NextBreach } from '@/desk/next-breach'
import type { Row } from '@/desk/tickets'
import { TimeAgo } from '@/desk/time-ago'
import { towardsEnd } from '@/lib/direction'
import { t } from './messages'
import { rowId } from './queue-row'
import { Others, type Present, RowPriority, RowStatus, Via } from './row-parts'
import { learnSwipe, OPEN_WIDTH, useSwipe } from './use-swipe'

/** The height of a row on a phone in pixels. */
export const PHONE_ROW = 92

interface Props {
  row: Row
  at: number
  start: number
  current: boolean
  picked: boolean
  /** Whether several are being selected: then a tap selects. */
  selecting: boolean
  unread: boolean
  people: Present[] | undefined
  problem: string | undefined
  onOpen: (at: number, event: MouseEvent) => void
  onPick: (at: number, range: boolean) => void
  onMenu: (at: number) => void
  onAct: (at: number, act: 'solve' | 'take' | 'assign') => void
}

const BUTTON = 'grid place-items-center content-center gap-1 text-[12px] font-semibold text-white'

/** One ticket of the queue on a phone: three lines, with its acts behind a swipe. */
export const PhoneRow = memo(function PhoneRow({
  row,
  at,
  start,
  current,
  picked,
  selecting,
  unread,
  people,
  problem,
  onOpen,
  onPick,
  onMenu,
  onAct,
}: Props) {
  const swipe = useSwipe((side) => {
    learnSwipe()
    onAct(at, side === 'start' ? 'take' : 'solve')
  })
  const run = (act: 'solve' | 'take' | 'assign') => {
    swipe.close()
    onAct(at, act)
  }
  return (
    <div
      role="row"
      id={rowId(row.id)}
      aria-rowindex={at + 1}
      aria-selected={picked}
      tabIndex={-1}
      data-ticket={row.id}
      data-current={current || undefined}
      className="absolute inset-x-0 isolate overflow-hidden border-b border-line"
      style={{ height: PHONE_ROW, top: start }}
    >
      {/* Uncovered by a swipe; who cannot swipe has the same acts in the row's menu. */}
      {swipe.offset !== 0 && (
        <span role="presentation" className="absolute inset-0 flex">
          <button
            type="button"
            tabIndex={-1}
            onClick={() => run('take')}
            className={clsx(BUTTON, 'bg-[oklch(.5_.088_201)]')}
            style={{ width: Math.max(OPEN_WIDTH.start, swipe.offset) }}
          >
            <UserPlus size={22} aria-hidden /> {t.act.take}
          </button>
          <span className="ms-auto flex" style={{ width: Math.max(OPEN_WIDTH.end, -swipe.offset) }}>
            <button
              type="button"
              tabIndex={-1}
              onClick={() => run('assign')}
              className={clsx(BUTTON, 'flex-1 bg-[oklch(.46_.02_240)]')}
            >
              <UserPlus size={22} aria-hidden /> {t.act.assign}
            </button>
            <button
              type="button"
              tabIndex={-1}
              onClick={() => run('solve')}
              className={clsx(BUTTON, 'flex-1 bg-[oklch(.5_.13_150)]')}
            >
              <Check size={22} aria-hidden /> {t.act.solve}
            </button>
          </span>
        </span>
      )}
      <div
        role="gridcell"
        {...swipe.handlers}
        onContextMenu={(event) => {
          event.preventDefault()
          onMenu(at)
        }}
        className={clsx(
          'relative flex h-full touch-pan-y gap-3 ps-3 pe-4 pt-2.5 select-none',
          !swipe.dragging && 'transition-transform motion-reduce:transition-none',
          picked ? 'bg-picked' : 'bg-canvas',
        )}
        style={{ transform: swipe.offset ? `translateX(${swipe.offset * towardsEnd()}px)` : undefined }}
      >
        <span className="flex w-5 shrink-0 flex-col items-center gap-2.5 pt-0.5">
          {selecting ? (
            <Checkbox
              aria-label={t.row.select(row.id)}
              tabIndex={-1}
              checked={picked}
              onClick={(event: MouseEvent) => onPick(at, event.shiftKey)}
              onChange={() => undefined}
              className="relative z-10 my-0.5"
            />
          ) : (
            <RowStatus row={row} />
          )}
          <RowPriority row={row} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-2">
            {unread && <span role="img" aria-label={t.row.unread} className="size-2 shrink-0 rounded-full bg-accent" />}
            <a
              href={`/tickets/${row.id}`}
              tabIndex={-1}
              draggable={false}
              dir="auto"
              onClick={(event) => {
                if (swipe.tookTap()) {
                  event.preventDefault()
                  swipe.close()
                } else if (selecting) {
                  event.preventDefault()
                  onPick(at, false)
                } else onOpen(at, event)
              }}
              className={clsx(
                'min-w-0 flex-1 truncate text-[15px] leading-6 after:absolute after:inset-0',
                unread ? 'font-semibold' : 'font-medium',
              )}
            >
              {row.subject}
            </a>
            <span className="shrink-0 text-dim">
              <TimeAgo at={row.updated_at} />
            </span>
          </span>
          <span className={clsx('block truncate', problem ? 'text-danger' : 'text-dim')} dir="auto">
            {problem ?? row.snippet}
          </span>
          <span className="mt-0.5 flex items-center gap-2">
            <span className="truncate" dir="auto">
              {row.requester.name} <span className="ms-1 text-dim">{row.organization?.name}</span>
            </span>
            {people && <Others people={people} />}
            <span className={clsx('flex items-center gap-2', !people && 'ms-auto')}>
              {row.next_breach_at && <NextBreach at={row.next_breach_at} />}
              <Avatar name={row.assignee?.name} size={18} />
              <Via channel={row.channel} />
            </span>
          </span>
        </span>
      </div>
    </div>
  )
})
