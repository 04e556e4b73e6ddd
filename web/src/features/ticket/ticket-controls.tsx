import { useQuery } from '@tanstack/react-query'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { agentsOf, prioritiesQuery, statusesQuery, teamsQuery } from '@/desk/config'
import { assign, reopen, setPriority, setStatus, solve, type TicketChange } from '@/desk/ticket-changes'
import type { Ticket } from '@/desk/tickets'

export type OpenMenu = 'status' | 'assignee' | null

/** The menus for status, priority and assignee, and the button that solves or reopens the ticket. */
export function TicketControls({
  ticket,
  apply,
  menu,
  onMenu,
}: {
  ticket: Ticket
  apply: (change: TicketChange) => void
  /** Opened by the keyboard as well. */
  menu: OpenMenu
  onMenu: (menu: OpenMenu) => void
}) {
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const status = statuses?.items.find(({ key }) => key === ticket.status)
  const priority = priorities?.items.find(({ key }) => key === ticket.priority)
  const closed = ticket.status_category === 'closed'
  return (
    <div className="mt-1.5 flex items-center gap-1">
      <Menu
        label="Status"
        open={menu === 'status'}
        onOpenChange={(open) => onMenu(open ? 'status' : null)}
        trigger={
          <Button variant="chip" aria-label={`Status: ${status?.label ?? ticket.status}`} disabled={closed}>
            <StatusIcon category={ticket.status_category} /> {status?.label ?? ticket.status}
          </Button>
        }
        items={
          statuses?.items.map((option) => ({
            key: option.key,
            label: option.label,
            icon: <StatusIcon category={option.category} />,
            chosen: option.key === ticket.status,
            run: () => apply(setStatus(option)),
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
          priorities?.items.map(({ key, label }) => ({
            key,
            label,
            icon: <PriorityIcon priority={key} />,
            chosen: key === ticket.priority,
            run: () => apply(setPriority(key)),
          })) ?? []
        }
      />
      <Menu
        label="Assignee"
        open={menu === 'assignee'}
        onOpenChange={(open) => onMenu(open ? 'assignee' : null)}
        trigger={
          <Button className="min-w-0 shrink" aria-label={`Assignee: ${ticket.assignee?.name ?? 'nobody'}`}>
            <Avatar name={ticket.assignee?.name} size={20} />
            <span className="truncate">{ticket.assignee?.name ?? 'Unassigned'}</span>
          </Button>
        }
        items={[
          { key: 'none', label: 'Unassigned', chosen: !ticket.assignee, run: () => apply(assign(null)) },
          ...agentsOf(teams).map((agent) => ({
            key: String(agent.id),
            label: agent.name,
            icon: <Avatar name={agent.name} size={18} />,
            chosen: agent.id === ticket.assignee?.id,
            run: () => apply(assign(agent)),
          })),
        ]}
      />
      <span className="flex-1" />
      {['solved', 'closed'].includes(ticket.status_category) ? (
        <Button variant="chip" disabled={closed} onClick={() => apply(reopen(statuses))}>
          Reopen
        </Button>
      ) : (
        <Button variant="chip" onClick={() => apply(solve(statuses))}>
          Solve
        </Button>
      )}
    </div>
  )
}
