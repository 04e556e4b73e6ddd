import { useQuery } from '@tanstack/react-query'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import type { Schemas } from '@/lib/api/client'
import { labelIn, prioritiesQuery, statusesQuery } from './config'

/** The status of a ticket as a picture, with its label on this desk as its name. */
export function StatusOf({ ticket }: { ticket: { status: string; status_category: Schemas['StatusCategory'] } }) {
  const { data } = useQuery(statusesQuery)
  return <StatusIcon category={ticket.status_category} label={labelIn(data, 'status', ticket.status)} />
}

export function PriorityOf({ ticket }: { ticket: { priority: string } }) {
  const { data } = useQuery(prioritiesQuery)
  return <PriorityIcon priority={ticket.priority} label={labelIn(data, 'priority', ticket.priority)} />
}
