import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeft, ArrowUpRight, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { useChangeTicket } from '@/desk/change-tickets'
import { meQuery } from '@/desk/me'
import { setSubject, type TicketChange } from '@/desk/ticket-changes'
import { type Ticket, ticketQuery } from '@/desk/tickets'
import type { TimelineFilter } from '@/desk/timeline'
import { ApiProblem, problemAt, problemsOf } from '@/lib/api/client'
import { usePresence } from '@/realtime/live-store'
import { MoreMenu } from './acts/more-menu'
import { ClosedNotice } from './closed-notice'
import { Composer, type Kind } from './composer/composer'
import { Message } from './conversation/message'
import { SubjectField } from './subject-field'
import { type TicketActs, TicketDialogs, useTicketActs } from './ticket-acts'
import { useTicketCommands } from './ticket-commands'
import { type OpenMenu, TicketControls } from './ticket-controls'
import { FilterMenu } from './timeline/filter-menu'
import { PresenceLine } from './timeline/presence-line'
import { Timeline } from './timeline/timeline'

/**
 * A ticket with its conversation. With `onBack` it is a page of its own, with `onClose` a preview. Give it a key: a
 * draft, a conflict or an error of one ticket must never reach the next.
 */
export function TicketPanel({
  id,
  onBack,
  onClose,
  beside,
}: {
  id: number
  onBack?: () => void
  onClose?: () => void
  beside?: (ticket: Ticket, apply: (change: TicketChange) => void, error: Error | null, acts: TicketActs) => ReactNode
}) {
  const preview = onClose !== undefined
  const navigate = useNavigate()
  const { data: me } = useQuery(meQuery)
  const { data: ticket, error } = useQuery(ticketQuery(id))
  const [conflict, setConflict] = useState<TicketChange | null>(null)
  const [kind, setKind] = useState<Kind>('reply')
  const [focusRequests, setFocusRequests] = useState(0)
  const [menu, setMenu] = useState<OpenMenu>(null)
  const [filter, setFilter] = useState<TimelineFilter>('all')
  const [filtering, setFiltering] = useState(false)
  const { others, setActivity } = usePresence(id, me?.id)
  const changeTicket = useChangeTicket(id)

  const apply = (change: TicketChange) => {
    if (!ticket) return
    setConflict(null)
    changeTicket.mutate(
      { change, version: ticket.version },
      {
        onError: (error) => {
          if (error instanceof ApiProblem && error.status === 409) setConflict(change)
        },
      },
    )
  }
  const focus = (next: Kind) => {
    // Until something is typed there.
    if (next !== kind) setActivity('viewing')
    setKind(next)
    setFocusRequests((n) => n + 1)
  }
  const leave = onBack ?? onClose ?? (() => {})
  const acts = useTicketActs(ticket, { beside: beside !== undefined, filter: () => setFiltering(true), leave })
  useTicketCommands({ apply, write: focus, chooseAssignee: () => setMenu('assignee'), onBack })

  const close = onClose && (
    <button
      type="button"
      className="grid size-7 place-items-center rounded hover:bg-hover"
      onClick={onClose}
      aria-label="Close the preview"
    >
      <X size={16} />
    </button>
  )
  if (error)
    return (
      <div className="grid flex-1 place-items-center">
        <p role="alert" className="text-dim">
          {error.message}. {close}
        </p>
      </div>
    )
  if (!ticket) return <PanelSkeleton />
  // On the page the details show the problems of all other fields; a preview has no details.
  const problems = preview ? problemsOf(changeTicket.error).filter(({ path }) => path !== 'subject') : []
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label={`Ticket ${id}`} className="flex min-w-0 flex-1 flex-col">
        <header className="border-b border-line px-4 pt-2.5 pb-2">
          <div className="flex h-6 items-center gap-2 text-[12px] text-dim">
            {onBack && (
              <button
                type="button"
                className="grid size-6 place-items-center rounded hover:bg-hover"
                onClick={onBack}
                aria-label="Back to the queue"
              >
                <ArrowLeft size={15} />
              </button>
            )}
            #{ticket.id} {ticket.team && <>· {ticket.team.name}</>}
            <span className="ms-auto" />
            <FilterMenu filter={filter} onFilter={setFilter} open={filtering} onOpen={setFiltering} />
            <span className="flex -space-x-1.5">
              {others.map((person) => (
                <Avatar key={person.id} name={person.name} />
              ))}
            </span>
            <MoreMenu acts={acts.commands} />
            {preview && (
              <>
                <button
                  type="button"
                  className="grid size-7 place-items-center rounded hover:bg-hover"
                  onClick={() => navigate({ to: '/tickets/$id', params: { id: String(id) } })}
                  aria-label="Open the ticket"
                >
                  <ArrowUpRight size={16} />
                </button>
                {close}
              </>
            )}
          </div>
          <SubjectField
            subject={ticket.subject}
            small={preview}
            message={problemAt(changeTicket.error, 'subject')}
            save={(subject) => apply(setSubject(subject))}
          />
          <TicketControls ticket={ticket} apply={apply} menu={menu} onMenu={setMenu} />
        </header>
        {conflict && (
          <div role="alert" className="flex items-center gap-3 border-b border-note-line bg-note px-4 py-2">
            <span className="flex-1">
              Somebody changed this ticket meanwhile; you see it as it is now. Your change was not saved.
            </span>
            <Button variant="chip" onClick={() => apply(conflict)}>
              Apply mine
            </Button>
            <Button onClick={() => setConflict(null)}>Keep theirs</Button>
          </div>
        )}
        {problems.length > 0 && (
          <ul role="alert" className="border-b border-line bg-danger-soft px-4 py-2 text-danger">
            {problems.map(({ path, message }) => (
              <li key={path}>
                {path}: {message}
              </li>
            ))}
          </ul>
        )}
        <Timeline
          ticket={id}
          filter={filter}
          onFilter={setFilter}
          onWhy={acts.why.show}
          onSplit={(merged) => acts.splitOff({ merged })}
          message={(item) => <Message item={item} mine={item.author?.id !== ticket.requester.id} />}
        />
        <div className="px-5 pb-3">
          <PresenceLine others={others} />
          {ticket.status_category === 'closed' ? (
            <ClosedNotice ticket={id} onFollowUp={acts.followUp} />
          ) : (
            <Composer
              ticket={ticket}
              kind={kind}
              focus={focusRequests}
              onKind={focus}
              onWriting={(writing) => setActivity(writing ? `writing_${kind}` : 'viewing')}
            />
          )}
        </div>
      </section>
      <TicketDialogs ticket={ticket} acts={acts} />
      {beside?.(ticket, apply, changeTicket.error, acts)}
    </div>
  )
}

const PanelSkeleton = () => (
  <div className="flex-1 space-y-4 p-6" aria-hidden>
    <div className="h-6 w-2/3 animate-pulse rounded bg-hover" />
    <div className="h-24 animate-pulse rounded-lg bg-hover" />
    <div className="h-24 animate-pulse rounded-lg bg-hover" />
  </div>
)
