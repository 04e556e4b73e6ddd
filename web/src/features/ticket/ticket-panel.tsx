import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeft, ArrowUpRight, CheckCircle2, Lock, Reply, UserPlus, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useCommands } from '@/app/commands'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { meQuery } from '@/features/auth/queries'
import { Composer, type Kind } from '@/features/editor/composer'
import { lastQueue } from '@/features/queue/place'
import { agentsOf, prioritiesQuery, statusesQuery, teamsQuery } from '@/features/queue/queries'
import { ApiProblem } from '@/lib/api/client'
import { usePresence } from '@/realtime/use-live'
import { type Ticket, ticketQuery, timelineQuery, useUpdateTicket } from './queries'
import { Subject } from './subject'
import { Timeline } from './timeline'

const DOING: Record<string, string> = {
  writing_reply: 'is writing a reply on this ticket…',
  writing_note: 'is writing a note on this ticket…',
}

export type Change = (body: object, shown?: Partial<Ticket>) => void

/**
 * A ticket with its conversation: as a page of its own with something beside it, or as a preview that can be
 * closed. Give it a key: a draft, a conflict or an error of one ticket must never reach the next.
 */
export function TicketPanel({
  id,
  onClose,
  beside,
}: {
  id: number
  onClose?: () => void
  beside?: (ticket: Ticket, change: Change, problem: Error | null) => ReactNode
}) {
  const preview = onClose !== undefined
  const navigate = useNavigate()
  const { data: me } = useQuery(meQuery)
  const { data: ticket, error } = useQuery(ticketQuery(id))
  const { data: timeline } = useQuery(timelineQuery(id))
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const [conflict, setConflict] = useState<object | null>(null)
  const [kind, setKind] = useState<Kind>('reply')
  const [writes, setWrites] = useState(0)
  const [menu, setMenu] = useState<'status' | 'assignee' | null>(null)
  const { others, setWriting } = usePresence(id, me?.id)
  const update = useUpdateTicket(id)
  const agents = agentsOf(teams)

  const change: Change = (body, shown) => {
    if (!ticket) return
    setConflict(null)
    update.mutate(
      { body, version: ticket.version, ...(shown ? { shown } : {}) },
      {
        onError: (failed) => {
          if (failed instanceof ApiProblem && failed.status === 409) setConflict(body)
        },
      },
    )
  }
  const setStatus = (key: string) => {
    const status = statuses?.items.find((s) => s.key === key)
    if (status) change({ status: key }, { status: key, status_category: status.category })
  }
  const assign = (agent: { id: number; name: string } | null) =>
    change({ assignee_id: agent?.id ?? null }, { assignee: agent && { id: agent.id, name: agent.name } })
  const focus = (next: Kind) => {
    // Until something is typed there.
    if (next !== kind) setWriting('viewing')
    setKind(next)
    setWrites((n) => n + 1)
  }
  const back = () => navigate({ to: '/', search: lastQueue() })
  const write = [
    { keys: 'r', label: 'Reply', group: 'Actions' as const, icon: <Reply size={16} />, run: () => focus('reply') },
    {
      keys: 'n',
      label: 'Write an internal note',
      group: 'Actions' as const,
      icon: <Lock size={16} />,
      run: () => focus('note'),
    },
  ]
  // Beside the queue, the queue's own keys change the ticket under the cursor.
  useCommands(
    preview
      ? write
      : [
          ...write,
          { keys: 'a', label: 'Assign', run: () => setMenu('assignee') },
          {
            keys: 'i',
            label: 'Assign to me',
            group: 'Actions',
            icon: <UserPlus size={16} />,
            run: () => me && assign(me),
          },
          {
            keys: 'e',
            label: 'Solve ticket',
            group: 'Actions',
            icon: <CheckCircle2 size={16} />,
            run: () => setStatus('solved'),
          },
          { keys: 's o', label: 'Set status to Open', run: () => setStatus('open') },
          { keys: 's p', label: 'Set status to Pending', run: () => setStatus('pending') },
          { keys: 's h', label: 'Set status to On hold', run: () => setStatus('on_hold') },
          { keys: 's s', label: 'Set status to Solved', run: () => setStatus('solved') },
          { keys: 'Escape', label: 'Back to the queue', run: back },
        ],
  )

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
  const status = statuses?.items.find((s) => s.key === ticket.status)
  const priority = priorities?.items.find((p) => p.key === ticket.priority)
  const closed = ticket.status_category === 'closed'
  const problems = update.error instanceof ApiProblem ? update.error.problems : []
  // Beside the page every other field tells its own problem; a preview has no such place.
  const untold = preview ? problems.filter(({ path }) => path !== 'subject') : []
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label={`Ticket ${id}`} className="flex min-w-0 flex-1 flex-col">
        <header className="border-b border-line px-4 pt-2.5 pb-2">
          <div className="flex h-6 items-center gap-2 text-[12px] text-dim">
            {!preview && (
              <button
                type="button"
                className="grid size-6 place-items-center rounded hover:bg-hover"
                onClick={back}
                aria-label="Back to the queue"
              >
                <ArrowLeft size={15} />
              </button>
            )}
            #{ticket.id} {ticket.team && <>· {ticket.team.name}</>}
            <span className="ml-auto flex -space-x-1.5">
              {others.map((person) => (
                <Avatar key={person.id} name={person.name} />
              ))}
            </span>
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
          <Subject
            subject={ticket.subject}
            small={preview}
            message={problems.find(({ path }) => path === 'subject')?.message}
            save={(subject) => change({ subject }, { subject })}
          />
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
                <Button className="min-w-0 shrink" aria-label={`Assignee: ${ticket.assignee?.name ?? 'nobody'}`}>
                  <Avatar name={ticket.assignee?.name} size={20} />
                  <span className="truncate">{ticket.assignee?.name ?? 'Unassigned'}</span>
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
            <Button variant="chip" onClick={() => change(conflict)}>
              Apply mine
            </Button>
            <Button onClick={() => setConflict(null)}>Keep theirs</Button>
          </div>
        )}
        {untold.length > 0 && (
          <ul role="alert" className="border-b border-line bg-danger-soft px-4 py-2 text-danger">
            {untold.map(({ path, message }) => (
              <li key={path}>
                {path}: {message}
              </li>
            ))}
          </ul>
        )}
        <Timeline items={timeline} requester={ticket.requester.id} />
        <div className="px-5 pb-3">
          {others
            .filter((person) => DOING[person.state])
            .map((person) => (
              <p key={person.id} className="mx-auto max-w-[740px] py-1 text-[12px] text-dim" role="status">
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
      {beside?.(ticket, change, update.error)}
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
