import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Read } from '@/components/picker/reads'
import { type Status, statusesQuery } from '@/desk/config'
import type { Ticket } from '@/desk/tickets'
import { api, unwrap } from '@/lib/api/client'

const transitionsQuery = queryOptions({
  queryKey: ['status-transitions'],
  staleTime: 3_600_000,
  queryFn: ({ signal }) => unwrap(api.GET('/api/status-transitions', { params: { query: { limit: 200 } }, signal })),
})

/** The statuses that may follow the present one, as the desk's workflow says; without a word in it, all in use. */
export function useStatusesAfter(ticket: Ticket): { offered: Status[]; reads: Read[] } {
  const read = useQuery(statusesQuery)
  const { data: statuses } = read
  const { data: transitions } = useQuery(transitionsQuery)
  const present = statuses?.items.find(({ key }) => key === ticket.status)
  const said = (transitions?.items ?? [])
    .filter(
      ({ from_status_id, team_id }) =>
        from_status_id === present?.id && (team_id == null || team_id === ticket.team?.id),
    )
    .map(({ to_status_id }) => to_status_id)
  const offered = (statuses?.items ?? []).filter(
    (status) => status.key === ticket.status || (status.active && (said.length === 0 || said.includes(status.id))),
  )
  return { offered, reads: [read] }
}
