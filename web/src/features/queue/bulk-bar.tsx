import { useQuery } from '@tanstack/react-query'
import { Check, UserPlus, X } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { StatusIcon } from '@/components/ui/status-icon'
import { agentsOf, type Row, statusesQuery, teamsQuery } from './queries'

/** What can be done with the selected tickets together. */
export function BulkBar({
  count,
  change,
  clear,
}: {
  count: number
  change: (body: object, shown: Partial<Row>) => void
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
            run: () => change({ assignee_id: null }, { assignee: null }),
          },
          ...agentsOf(teams).map((agent) => ({
            key: String(agent.id),
            label: agent.name,
            icon: <Avatar name={agent.name} size={18} />,
            run: () => change({ assignee_id: agent.id }, { assignee: agent }),
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
          statuses?.items.map((s) => ({
            key: s.key,
            label: s.label,
            icon: <StatusIcon category={s.category} />,
            run: () => change({ status: s.key }, { status: s.key, status_category: s.category }),
          })) ?? []
        }
      />
      <Button onClick={clear} aria-label="Clear the selection">
        <X size={15} />
      </Button>
    </div>
  )
}
