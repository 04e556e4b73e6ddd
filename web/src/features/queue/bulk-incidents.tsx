/** The incidents that a bulk job solved with their problems: how many, and which. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ListFailed } from '@/components/picker/list-failed'
import type { Job } from '@/desk/jobs'
import { incidentsQuery } from './bulk-jobs'
import { t } from './messages'

const Tickets = ({ ids }: { ids: number[] }) => (
  <>
    {ids.map((id, at) => (
      <span key={id}>
        {at > 0 && ', '}
        <Link to="/tickets/$id" params={{ id: String(id) }} className="rounded text-accent underline">
          #{id}
        </Link>
      </span>
    ))}
  </>
)

export const IncidentCounts = ({ job }: { job: Job }) => (
  <>
    {job.incidents_solved > 0 && ` · ${t.incidents.solved(job.incidents_solved)}`}
    {job.incidents_left > 0 && <span className="text-danger"> · {t.incidents.left(job.incidents_left)}</span>}
  </>
)

export function BulkIncidents({ job }: { job: Job }) {
  const [open, setOpen] = useState(false)
  const count = job.incidents_solved + job.incidents_left
  const { data, isError, refetch } = useQuery({ ...incidentsQuery(job), enabled: open && count > 0 })
  if (!count) return null
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        className="mt-1 min-h-6 rounded text-accent hover:underline"
        onClick={() => setOpen(!open)}
      >
        {open ? t.incidents.hide : t.incidents.show(count)}
      </button>
      {open && isError && <ListFailed retry={() => void refetch()} />}
      {open && data && (
        <ul aria-label={t.incidents.list} className="mt-1 max-h-48 overflow-auto border-t border-line pt-1">
          {data.items.map(({ ticket_id, incidents_solved, incidents_left }) => (
            <li key={ticket_id} className="flex min-h-7 flex-wrap items-baseline gap-x-3 py-0.5 text-dim">
              <Tickets ids={[ticket_id]} />
              {incidents_solved?.length ? (
                <span>
                  {t.incidents.with} <Tickets ids={incidents_solved} />
                </span>
              ) : null}
              {incidents_left?.length ? (
                <span>
                  <span className="text-danger">{t.incidents.without}</span> <Tickets ids={incidents_left} />
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
