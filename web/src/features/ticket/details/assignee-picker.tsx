import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Picker } from '@/components/picker/picker'
import { Avatar } from '@/components/ui/avatar'
import { agentsOf, teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { assign } from '@/desk/ticket-changes'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'

/** Chooses who has the ticket: oneself first, then the members of its team. */
export function AssigneePicker({
  trigger,
  open,
  onOpenChange,
}: {
  trigger: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
}) {
  const { ticket, apply } = useOpenTicket()
  const read = useQuery(teamsQuery)
  const { data: teams } = read
  const { data: me } = useQuery(meQuery)
  const ofTeam = new Set(teams?.items.find(({ id }) => id === ticket.team?.id)?.members.map(({ id }) => id))
  const rank = (id: number) => (id === me?.id ? 0 : ofTeam.has(id) ? 1 : 2)
  const agents = agentsOf(teams).sort((one, other) => rank(one.id) - rank(other.id))
  const teamsOf = (id: number) =>
    (teams?.items ?? [])
      .filter(({ members }) => members.some((member) => member.id === id))
      .map(({ name }) => name)
      .join(', ')
  return (
    <Picker
      label={t.names.assignee_id ?? ''}
      reads={[read]}
      open={open}
      onOpenChange={onOpenChange}
      trigger={trigger}
      options={[
        ...agents.map(({ id, name }) => ({
          key: String(id),
          label: name,
          hint: id === me?.id ? t.you : teamsOf(id),
          icon: <Avatar name={name} size={20} />,
          chosen: id === ticket.assignee?.id,
        })),
        { key: 'none', label: t.noAssignee, icon: <Avatar size={20} />, chosen: !ticket.assignee },
      ]}
      onPick={({ key }) => {
        const agent = agents.find(({ id }) => String(id) === key) ?? null
        if ((agent?.id ?? null) !== (ticket.assignee?.id ?? null)) void apply(assign(agent))
      }}
    />
  )
}
