import clsx from 'clsx'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { number } from '@/lib/messages'
import type { Group } from './entries'
import { t } from './messages'
import { rowId } from './queue-row'

/** The head of a group: its name, how many tickets it holds, and the arrow that folds it. */
export const GroupHead = memo(function GroupHead({
  group,
  by,
  name,
  category,
  count,
  at,
  start,
  height,
  current,
  columns,
  onFold,
}: {
  group: Group
  by: string
  name: string
  /** Of a status. */
  category: string | undefined
  count: number | undefined
  at: number
  start: number
  height: number
  current: boolean
  columns: number
  onFold: (at: number) => void
}) {
  const Arrow = group.folded ? ChevronRight : ChevronDown
  return (
    <div
      role="row"
      id={rowId(`group-${group.value}`)}
      aria-rowindex={at + 2}
      tabIndex={-1}
      data-current={current || undefined}
      className={clsx('absolute inset-x-0 isolate border-b border-line bg-panel px-3', current && 'bg-hover row-bar')}
      style={{ height, top: start }}
    >
      <div role="gridcell" aria-colspan={columns} className="flex h-full items-center gap-2">
        <button
          type="button"
          tabIndex={-1}
          aria-expanded={!group.folded}
          aria-label={group.folded ? t.group.unfold(name) : t.group.fold(name)}
          onClick={() => onFold(at)}
          className="grid size-7 place-items-center rounded text-dim hover:bg-hover max-md:size-11"
        >
          <Arrow size={15} aria-hidden className="rtl:scale-x-[-1]" />
        </button>
        {by === 'assignee' && <Avatar name={group.value ? name : undefined} />}
        {by === 'status' && <StatusIcon category={category ?? group.value} label="" />}
        {by === 'priority' && <PriorityIcon priority={group.value} />}
        <strong className="truncate font-semibold" dir="auto">
          {name}
        </strong>
        {count !== undefined && <span className="text-dim">{number(count)}</span>}
      </div>
    </div>
  )
})
