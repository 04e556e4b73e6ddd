import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Check } from 'lucide-react'
import { Picker } from '@/components/picker/picker'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { prioritiesQuery, statusesQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { NextBreach } from '@/desk/next-breach'
import { assign, reopen, setPriority, setStatus, solve } from '@/desk/ticket-changes'
import { AssigneePicker } from '../details/assignee-picker'
import { useOpenMenu, useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { useStatusesAfter } from './queries'

/** A name that the desk gives, or its key where it has none; a gap while that is read. */
const Label = ({ text, otherwise }: { text: string | undefined; otherwise: string | undefined }) =>
  text || otherwise ? (
    <span className="truncate">{text ?? otherwise}</span>
  ) : (
    <span className="h-3 w-10 animate-pulse rounded bg-hover motion-reduce:animate-none" aria-hidden />
  )

const CHIP = 'min-w-0 max-md:h-11 max-md:rounded-lg max-md:border max-md:border-line max-md:bg-raised'

/** The lists for status, priority and assignee, and the button that solves or reopens the ticket. */
export function TicketControls({ page }: { page: boolean }) {
  const { ticket, apply } = useOpenTicket()
  const { data: statuses } = useQuery(statusesQuery)
  const prioritiesRead = useQuery(prioritiesQuery)
  const { data: priorities } = prioritiesRead
  const { data: me } = useQuery(meQuery)
  const { offered, reads } = useStatusesAfter(ticket)
  const statusMenu = useOpenMenu('status')
  const priorityMenu = useOpenMenu('priority')
  const assigneeMenu = useOpenMenu('assignee')
  const status = statuses?.items.find(({ key }) => key === ticket.status)
  const priority = priorities?.items.find(({ key }) => key === ticket.priority)
  const closed = ticket.status_category === 'closed'
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-1 max-md:gap-2">
      <Picker
        label={t.status.name}
        reads={reads}
        {...statusMenu}
        trigger={
          <Button
            variant="chip"
            className={CHIP}
            aria-label={t.status.is(status?.label ?? ticket.status)}
            disabled={closed}
            title={closed ? t.status.fixed : undefined}
          >
            <StatusIcon category={ticket.status_category} />{' '}
            <Label text={status?.label} otherwise={statuses && ticket.status} />
          </Button>
        }
        options={offered.map(({ key, label, category }) => ({
          key,
          label,
          icon: <StatusIcon category={category} />,
          chosen: key === ticket.status,
        }))}
        onPick={({ key }) => {
          const next = offered.find((each) => each.key === key)
          if (next && key !== ticket.status) void apply(setStatus(next))
        }}
      />
      <Picker
        label={t.priority.name}
        reads={[prioritiesRead]}
        {...priorityMenu}
        trigger={
          <Button className={CHIP} aria-label={t.priority.is(priority?.label ?? ticket.priority)}>
            <PriorityIcon priority={ticket.priority} />{' '}
            <Label text={priority?.label} otherwise={priorities && ticket.priority} />
          </Button>
        }
        options={
          priorities?.items
            .filter(({ active, key }) => active || key === ticket.priority)
            .map(({ key, label }) => ({
              key,
              label,
              icon: <PriorityIcon priority={key} />,
              chosen: key === ticket.priority,
            })) ?? []
        }
        onPick={({ key }) => key !== ticket.priority && void apply(setPriority(key))}
      />
      <AssigneePicker
        {...assigneeMenu}
        trigger={
          <Button className={CHIP} aria-label={t.assignee.is(ticket.assignee?.name ?? t.assignee.nobody)}>
            <Avatar name={ticket.assignee?.name} size={20} />
            <span className="truncate">{ticket.assignee?.name ?? t.assignee.none}</span>
          </Button>
        }
      />
      {me && !closed && ticket.assignee?.id !== me.id && (
        // On a phone's page it stands in the sheet for triage.
        <Button
          className={clsx('text-accent', page && 'max-md:hidden')}
          title={t.assignee.me}
          aria-keyshortcuts={page ? 'i' : undefined}
          onClick={() => void apply(assign(me))}
        >
          {t.assignee.take}
        </Button>
      )}
      {ticket.next_breach_at && (
        <span className="flex items-center px-1.5 max-md:h-11">
          <NextBreach at={ticket.next_breach_at} />
        </span>
      )}
      <span className="flex-1" />
      <span className={page ? 'max-md:hidden' : ''}>
        {/* A closed one is never reopened: the notice in place of the composer offers to follow it up. */}
        {closed ? null : ticket.status_category === 'solved' ? (
          <Button variant="chip" onClick={() => void apply(reopen(statuses))}>
            {t.reopen}
          </Button>
        ) : (
          <Button variant="chip" aria-keyshortcuts={page ? 'e' : undefined} onClick={() => void apply(solve(statuses))}>
            <Check size={14} aria-hidden /> {t.solve}{' '}
            {page && (
              <span aria-hidden>
                <Kbd>E</Kbd>
              </span>
            )}
          </Button>
        )}
      </span>
    </div>
  )
}
