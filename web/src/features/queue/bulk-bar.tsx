import { useQuery } from '@tanstack/react-query'
import { Check, UserPlus, X } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { StatusIcon } from '@/components/ui/status-icon'
import { agentsOf, statusesQuery, teamsQuery } from '@/desk/config'
import { assign, setStatus, type TicketChange } from '@/desk/ticket-changes'

/** The actions on all selected tickets. */
export function BulkBar({
  count,
  apply,
  clear,
}: {
  count: number
  apply: (change: TicketChange) => void
  clear: () => void
}) {
  const { data: statuses } = useQuery(statusesQuery)
  const { data: teams } = useQuery(teamsQuery)
  return (
    <div
      role="toolbar"
      aria-label="Selected tickets"
      className="absolute bottom-4 left-1/2 z-30 flex -translate-x-1/2 items-center gap-1 rounded-xl border border-line bg-raised p-1.5 shadow-xl"
    >
      <strong className="px-2 font-semibold whitespace-nowrap">{count} selected</strong>
      <Menu
        label="Assign"
        trigger={
          <Button>
            <UserPlus size={15} /> Assign
          </Button>
        }
        items={[
          {
            key: 'none',
            label: 'Unassigned',
            icon: <Avatar size={18} />,
            run: () => apply(assign(null)),
          },
          ...agentsOf(teams).map((agent) => ({
            key: String(agent.id),
            label: agent.name,
            icon: <Avatar name={agent.name} size={18} />,
            run: () => apply(assign(agent)),
          })),
        ]}
      />
      <Menu
        label="Status"
        trigger={
          <Button>
            <Check size={15} /> Status
          </Button>
        }
        items={
          statuses?.items.map((status) => ({
            key: status.key,
            label: status.label,
            icon: <StatusIcon category={status.category} />,
            run: () => apply(setStatus(status)),
          })) ?? []
        }
      />
      <Button onClick={clear} aria-label="Clear the selection">
        <X size={15} />
      </Button>
    </div>
  )
}
