import type { Choice } from './find-tickets'
import { StatusOf } from './status-of'
import { TimeAgo } from './time-ago'

/** A ticket in a list to choose from: what it is about, whose it is and how old the last word is. */
export function TicketChoice({ ticket }: { ticket: Choice }) {
  return (
    <span className="min-w-0 flex-1">
      <span className="flex items-center gap-2">
        <StatusOf ticket={ticket} />
        <span dir="auto" className="truncate font-medium">
          {ticket.subject}
        </span>
      </span>
      <span className="mt-0.5 block truncate text-[12px] text-dim">
        #{ticket.id} · <bdi>{ticket.requester.name}</bdi>
        {ticket.organization && (
          <>
            , <bdi>{ticket.organization.name}</bdi>
          </>
        )}{' '}
        · <TimeAgo at={ticket.updated_at} />
      </span>
    </span>
  )
}
