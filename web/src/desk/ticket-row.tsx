import { Link } from '@tanstack/react-router'
import { Avatar } from '@/components/ui/avatar'
import { PriorityOf, StatusOf } from './status-of'
import type { Row } from './tickets'
import { TimeAgo } from './time-ago'

/** A ticket in a list beside something else: a customer, a record. For `useRowKeys`. */
export const TicketRow = ({
  row,
  requester = false,
}: {
  row: Pick<Row, 'id' | 'subject' | 'status' | 'status_category' | 'priority' | 'assignee' | 'updated_at' | 'requester'>
  requester?: boolean
}) => (
  <li className="relative flex min-h-10 items-center gap-3 border-b border-line px-4 py-1.5 hover:bg-hover has-[a:focus]:bg-chosen has-[a:focus]:row-bar max-md:min-h-11 md:px-5">
    <StatusOf ticket={row} />
    {row.priority !== 'normal' && <PriorityOf ticket={row} />}
    <span className="flex min-w-0 flex-1 flex-wrap gap-x-2">
      <Link
        to="/tickets/$id"
        params={{ id: String(row.id) }}
        data-row
        dir="auto"
        className="min-w-0 font-medium [overflow-wrap:anywhere] outline-none after:absolute after:inset-0"
      >
        {row.subject}
      </Link>
      <span className="text-dim">#{row.id}</span>
      {requester && (
        <span className="text-dim" dir="auto">
          {row.requester.name}
        </span>
      )}
    </span>
    <Avatar name={row.assignee?.name} size={20} />
    <span className="min-w-9 shrink-0 text-end whitespace-nowrap text-dim">
      <TimeAgo at={row.updated_at} />
    </span>
  </li>
)
