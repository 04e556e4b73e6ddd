import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useCommands } from '@/app/commands'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { meQuery } from '@/features/auth/queries'
import { Composer, type Kind } from '@/features/editor/composer'
import { agentsOf, prioritiesQuery, statusesQuery, teamsQuery } from '@/features/queue/queries'
import { usePresence } from '@/realtime/use-live'
import { Details } from './details'
import { type Ticket, ticketQuery, timelineQuery, useUpdateTicket } from './queries'
import { Timeline } from './timeline'

const DOING: Record<string, string> = {
  writing_reply: 'is writing a reply on this ticket…',
  writing_note: 'is writing a note on this ticket…',
}

/** Keyed: a draft, a conflict or an error of one ticket must never reach the next. */
export const TicketPage = ({ id }: { id: number }) => <Page key={id} id={id} />

function Page({ id }: { id: number }) {
  const navigate = useNavigate()
  const { data: me } = useQuery(meQuery)
  const { data: ticket, error } = useQuery(ticketQuery(id))
  const { data: timeline } = useQuery(timelineQuery(id))
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const [conflict, setConflict] = useState<{ mine: object; current: Ticket } | null>(null)
  const [kind, setKind] = useState<Kind>('reply')
  const [writes, setWrites] = useState(0)
  const [menu, setMenu] = useState<'status' | 'assignee' | null>(null)
  const { others, setWriting } = usePresence(id, me?.id)
  const update = useUpdateTicket(id)
  const agents = agentsOf(teams)

  const change = (body: object, shown?: Partial<Ticket>) => {
    if (!ticket) return
    setConflict(null)
    update.mutate(
      { body, version: ticket.version, ...(shown ? { shown } : {}) },
      {
        onError: (failed) => {
          const current = (failed as { current?: Ticket }).current
          if (current) setConflict({ mine: body, current })
        },
      },
    )
  }
  const setStatus = (key: string) => {
    const status = statuses?.items.find((s) => s.key === key)
    if (status) change({ status: key }, { status: key, status_category: status.category })
  }
  const assign = (agent: { id: number; name: string } | null) =>
    change({ assignee_id: agent?.id ?? null }, { assignee: agent })
  const focus = (next: Kind) => {
    setKind(next)
    setWrites((n) => n + 1)
  }
  useCommands([
    { keys: 'r', label: 'Reply', run: () => focus('reply') },
    { keys: 'n', label: 'Write an internal note', run: () => focus('note') },
    { keys: 'a', label: 'Assign', run: () => setMenu('assignee') },
    { keys: 'i', label: 'Assign to me', run: () => me && assign(me) },
    { keys: 'e', label: 'Solve', run: () => setStatus('solved') },
    { keys: 's o', label: 'Set status to Open', run: () => setStatus('open') },
    { keys: 's p', label: 'Set status to Pending', run: () => setStatus('pending') },
    { keys: 's h', label: 'Set status to On hold', run: () => setStatus('on_hold') },
    { keys: 's s', label: 'Set status to Solved', run: () => setStatus('solved') },
    { keys: 'Escape', label: 'Back to the queue', run: () => navigate({ to: '/' }) },
  ])

  if (error)
    return (
      <div className="grid flex-1 place-items-center">
        <p role="alert" className="text-dim">
          {error.message}.
        </p>
      </div>
    )
  if (!ticket) return <PageSkeleton />
  const status = statuses?.items.find((s) => s.key === ticket.status)
  const priority = priorities?.items.find((p) => p.key === ticket.priority)
  const closed = ticket.status_category === 'closed'
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label={`Ticket ${id}`} className="flex min-w-0 flex-1 flex-col">
        <header className="border-b border-line px-4 pt-3 pb-2">
          <div className="flex items-center gap-2 text-[12px] text-dim">
            <button
              type="button"
              className="grid size-6 place-items-center rounded hover:bg-hover"
              onClick={() => navigate({ to: '/' })}
              aria-label="Back to the queue"
            >
              <ArrowLeft size={15} />
            </button>
            #{ticket.id} {ticket.team && <>· {ticket.team.name}</>}
            <span className="ml-auto flex -space-x-1.5">
              {others.map((person) => (
                <Avatar key={person.id} name={person.name} />
              ))}
            </span>
          </div>
          <h1 className="mt-1 text-[20px] leading-7 font-semibold">{ticket.subject}</h1>
          <div className="mt-1.5 flex items-center gap-1">
            <Menu
              label="Status"
              open={menu === 'status'}
              onOpenChange={(open) => setMenu(open ? 'status' : null)}
              trigger={
                <Button variant="chip" aria-label={`Status: ${status?.label ?? ticket.status}`} disabled={closed}>
                  <StatusIcon category={ticket.status_category} /> {status?.label ?? ticket.status}
                </Button>
              }
              items={
                statuses?.items.map((s) => ({
                  key: s.key,
                  label: s.label,
                  icon: <StatusIcon category={s.category} />,
                  chosen: s.key === ticket.status,
                  run: () => setStatus(s.key),
                })) ?? []
              }
            />
            <Menu
              label="Priority"
              trigger={
                <Button aria-label={`Priority: ${priority?.label ?? ticket.priority}`}>
                  <PriorityIcon priority={ticket.priority} /> {priority?.label ?? ticket.priority}
                </Button>
              }
              items={
                priorities?.items.map((p) => ({
                  key: p.key,
                  label: p.label,
                  icon: <PriorityIcon priority={p.key} />,
                  chosen: p.key === ticket.priority,
                  run: () => change({ priority: p.key }, { priority: p.key }),
                })) ?? []
              }
            />
            <Menu
              label="Assignee"
              open={menu === 'assignee'}
              onOpenChange={(open) => setMenu(open ? 'assignee' : null)}
              trigger={
                <Button aria-label={`Assignee: ${ticket.assignee?.name ?? 'nobody'}`}>
                  <Avatar name={ticket.assignee?.name} size={20} /> {ticket.assignee?.name ?? 'Unassigned'}
                </Button>
              }
              items={[
                { key: 'none', label: 'Unassigned', chosen: !ticket.assignee, run: () => assign(null) },
                ...agents.map((agent) => ({
                  key: String(agent.id),
                  label: agent.name,
                  icon: <Avatar name={agent.name} size={18} />,
                  chosen: agent.id === ticket.assignee?.id,
                  run: () => assign(agent),
                })),
              ]}
            />
            <span className="flex-1" />
            {['solved', 'closed'].includes(ticket.status_category) ? (
              <Button variant="chip" disabled={closed} onClick={() => setStatus('open')}>
                Reopen
              </Button>
            ) : (
              <Button variant="chip" onClick={() => setStatus('solved')}>
                Solve
              </Button>
            )}
          </div>
        </header>
        {conflict && (
          <div role="alert" className="flex items-center gap-3 border-b border-note-line bg-note px-4 py-2">
            <span className="flex-1">
              Somebody changed this ticket meanwhile; you see it as it is now. Your change was not saved.
            </span>
            <Button variant="chip" onClick={() => change(conflict.mine)}>
              Apply mine
            </Button>
            <Button onClick={() => setConflict(null)}>Keep theirs</Button>
          </div>
        )}
        <Timeline items={timeline} requester={ticket.requester.id} />
        <div className="px-5 pb-3">
          {others
            .filter((person) => DOING[person.state])
            .map((person) => (
              <p key={person.id} className="py-1 text-[12px] text-dim" role="status">
                <strong className="font-medium text-ink">{person.name}</strong> {DOING[person.state]}
              </p>
            ))}
          <Composer
            ticket={ticket}
            kind={kind}
            focus={writes}
            onKind={focus}
            onWriting={(writing) => setWriting(writing ? `writing_${kind}` : 'viewing')}
          />
        </div>
      </section>
      <Details ticket={ticket} change={change} problem={update.error} />
    </div>
  )
}

const PageSkeleton = () => (
  <div className="flex-1 space-y-4 p-6" aria-hidden>
    <div className="h-6 w-2/3 animate-pulse rounded bg-hover" />
    <div className="h-24 animate-pulse rounded-lg bg-hover" />
    <div className="h-24 animate-pulse rounded-lg bg-hover" />
  </div>
)
