import clsx from 'clsx'
import { Globe, Mail, MessageCircle, Phone, Webhook } from 'lucide-react'
import { type MouseEvent, memo } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Checkbox } from '@/components/ui/checkbox'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { Tag } from '@/components/ui/tag'
import type { Row } from '@/desk/tickets'
import { TimeAgo } from '@/desk/time-ago'

/** The height of a row in pixels. */
export const ROW = 40

const CHANNEL: Record<string, typeof Mail> = {
  email: Mail,
  web: Globe,
  chat: MessageCircle,
  phone: Phone,
  api: Webhook,
}

/** The columns of a queue; beside a preview only the most telling stay. */
const gridOf = (narrow: boolean) =>
  clsx(
    'grid items-center gap-2 px-4',
    narrow
      ? 'grid-cols-[22px_20px_20px_minmax(120px,1fr)_44px_52px]'
      : 'grid-cols-[22px_52px_20px_20px_minmax(220px,1fr)_150px_190px_28px_44px_52px]',
  )

const cell = 'flex min-w-0 items-center'

/** One ticket of the queue. Its callbacks keep their identity, so that a moving cursor draws two rows, not forty. */
export const QueueRow = memo(function QueueRow({
  row,
  index,
  start,
  current,
  picked,
  narrow,
  onOpen,
  onPick,
}: {
  row: Row
  index: number
  start: number
  current: boolean
  picked: boolean
  narrow: boolean
  onOpen: (index: number) => void
  onPick: (index: number, range: boolean) => void
}) {
  const Via = CHANNEL[row.channel] ?? Globe
  const hidden = !picked && !current && 'opacity-0 group-hover:opacity-100 focus:opacity-100'
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard goes through the command registry
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={current}
      tabIndex={-1}
      data-ticket={row.id}
      onClick={() => onOpen(index)}
      className={clsx(
        gridOf(narrow),
        'group absolute inset-x-0 cursor-pointer border-b border-line',
        picked ? 'bg-picked' : current ? 'bg-hover' : 'hover:bg-hover',
        current && 'shadow-[inset_2px_0_0_var(--accent)]',
      )}
      style={{ height: ROW, transform: `translateY(${start}px)` }}
    >
      <span role="cell" className={cell}>
        <Checkbox
          aria-label={`Select ticket ${row.id}`}
          checked={picked}
          onClick={(event: MouseEvent) => {
            event.stopPropagation()
            onPick(index, event.shiftKey)
          }}
          onChange={() => undefined}
          className={clsx(hidden)}
        />
      </span>
      {!narrow && (
        <span role="cell" className="text-dim">
          {row.id}
        </span>
      )}
      <span role="cell" className={cell}>
        <PriorityIcon priority={row.priority} />
      </span>
      <span role="cell" className={cell}>
        <StatusIcon category={row.status_category} label={row.status} />
      </span>
      <span role="cell" className="truncate">
        <span className="font-medium">{row.subject}</span>
        <span className="ml-2 text-dim">{row.snippet}</span>
      </span>
      {!narrow && (
        <>
          <span role="cell" className="flex gap-1 overflow-hidden">
            {row.tags.slice(0, 2).map((tag) => (
              <Tag key={tag} name={tag} />
            ))}
          </span>
          <span role="cell" className="truncate">
            {row.requester.name} <span className="ml-1 text-dim">{row.organization?.name}</span>
          </span>
          <span role="cell" className={cell}>
            <Via size={15} className="text-dim" role="img" aria-label={row.channel} />
          </span>
        </>
      )}
      <span role="cell" className={cell}>
        <Avatar name={row.assignee?.name} />
      </span>
      <span role="cell" className="text-right text-dim">
        <TimeAgo at={row.updated_at} />
      </span>
    </div>
  )
})

/** The names above the columns; those shown as a picture are read out by screen readers. */
export function QueueHead({
  narrow,
  all,
  some,
  onAll,
}: {
  narrow: boolean
  all: boolean
  some: boolean
  onAll: () => void
}) {
  const head = (name: string, className?: string) => (
    <span role="columnheader" className={className}>
      {name}
    </span>
  )
  return (
    <div
      role="row"
      aria-rowindex={1}
      className={clsx(gridOf(narrow), 'h-9 shrink-0 border-b border-line bg-panel text-[12px] text-dim')}
    >
      <span role="columnheader" className={cell}>
        <span className="sr-only">Selected</span>
        <Checkbox
          aria-label={all ? 'Clear the selection of all tickets' : 'Select all loaded tickets'}
          checked={all}
          some={some}
          onChange={onAll}
        />
      </span>
      {!narrow && head('ID')}
      <span role="columnheader" className={cell}>
        <span className="sr-only">Priority</span>
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill="currentColor">
          <rect x="1.5" y="9" width="2" height="4" rx="0.8" />
          <rect x="5.5" y="6" width="2" height="7" rx="0.8" />
          <rect x="9.5" y="3" width="2" height="10" rx="0.8" />
        </svg>
      </span>
      <span role="columnheader" className={cell}>
        <span className="sr-only">Status</span>
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" className="ml-px">
          <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="1.3" />
          <circle cx="7" cy="7" r="1.4" fill="currentColor" />
        </svg>
      </span>
      {head('Subject')}
      {!narrow && (
        <>
          {head('Tags')}
          {head('Customer')}
          {head('Via')}
        </>
      )}
      {head('Agent')}
      {head('Updated', 'text-right')}
    </div>
  )
}

export const QueueSkeleton = () => (
  <div className="flex h-10 items-center gap-4 border-b border-line px-4" aria-hidden>
    <span className="h-3 w-12 animate-pulse rounded bg-hover" />
    <span className="h-3 flex-1 animate-pulse rounded bg-hover" />
    <span className="h-3 w-32 animate-pulse rounded bg-hover" />
  </div>
)
