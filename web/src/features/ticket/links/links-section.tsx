import { useQuery } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { Plus, Unlink } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { StatusIcon } from '@/components/ui/status-icon'
import { statusesQuery } from '@/desk/config'
import { linksQuery } from '@/desk/incidents'
import { canUnlink, type Link, useDeleteLink } from '@/desk/ticket-acts'
import { t } from './messages'

const ORDER = [
  'problem_of',
  'child_of',
  'parent_of',
  'related',
  'follow_up_of',
  'followed_up_by',
  'split_from',
  'split_into',
  'merged_into',
  'merged_from',
] as const

const MANY = 5

/** What a ticket is linked with: its problem as a card, the others by how they belong together. */
export function LinksSection({ ticket, onAdd }: { ticket: number; onAdd: () => void }) {
  const { data, error, refetch } = useQuery(linksQuery(ticket))
  const links = data?.items ?? []
  const problem = links.find(({ relation }) => relation === 'incident_of')
  return (
    <section aria-label={t.title} className="space-y-3">
      {problem && <ProblemCard ticket={ticket} link={problem} />}
      <div>
        <header className="flex min-h-6 items-center justify-between">
          <h2 className="font-semibold">{t.title}</h2>
          <Button
            className="-me-1.5 h-6 px-1.5 text-[12px] text-dim max-md:h-11"
            aria-label={t.addLabel}
            title={`${t.addLabel} (⇧L)`}
            onClick={onAdd}
          >
            <Plus size={14} aria-hidden /> {t.add}
          </Button>
        </header>
        {error && !data && (
          <p role="alert" className="flex flex-wrap items-center gap-2 text-[12px]">
            {t.failed}
            <Button variant="chip" onClick={() => refetch()}>
              {t.tryAgain}
            </Button>
          </p>
        )}
        {data && links.length === 0 && <p className="text-[12px] text-dim">{t.none}</p>}
        <div className="space-y-2">
          {ORDER.map((relation) => (
            <Relation
              key={relation}
              relation={relation}
              ticket={ticket}
              links={links.filter((link) => link.relation === relation)}
            />
          ))}
        </div>
      </div>
    </section>
  )
}

function useCategory() {
  const { data: statuses } = useQuery(statusesQuery)
  return (key: string | null | undefined) => statuses?.items.find((status) => status.key === key)
}

function Relation({ relation, ticket, links }: { relation: (typeof ORDER)[number]; ticket: number; links: Link[] }) {
  const [all, setAll] = useState(false)
  const status = useCategory()
  if (!links.length) return null
  const shown = all || links.length <= MANY + 1 ? links : links.slice(0, MANY)
  const open = links.filter(({ status: key }) => !['solved', 'closed'].includes(status(key)?.category ?? '')).length
  return (
    <div>
      <h3 className="text-[12px] text-dim">
        {t.relations[relation]}
        {relation === 'problem_of' && ` · ${t.incidents(links.length, open)}`}
      </h3>
      {relation === 'problem_of' && open > 0 && <p className="text-[12px] text-dim">{t.solvedWith(open)}</p>}
      <ul>
        {shown.map((link) => (
          <Row key={link.id} ticket={ticket} link={link} />
        ))}
      </ul>
      {shown.length < links.length && (
        <Button className="-mx-1.5 h-6 px-1.5 text-[12px] text-dim" onClick={() => setAll(true)}>
          {t.more(links.length - shown.length)}
        </Button>
      )}
    </div>
  )
}

function Row({ ticket, link }: { ticket: number; link: Link }) {
  const status = useCategory()(link.status)
  return (
    <li className="group flex items-center gap-1">
      {link.subject == null ? (
        <span className="min-w-0 flex-1 truncate py-0.5 text-dim italic">
          #{link.ticket_id} · {t.hidden}
        </span>
      ) : (
        <To
          to="/tickets/$id"
          params={{ id: String(link.ticket_id) }}
          className="-ms-1.5 flex min-h-6 min-w-0 flex-1 items-center gap-2 rounded px-1.5 hover:bg-hover max-md:min-h-11"
        >
          <StatusIcon category={status?.category ?? 'open'} label={status?.label} />
          <span dir="auto" className="min-w-0 flex-1 truncate">
            {link.subject}
          </span>
          <span className="text-[12px] text-dim">#{link.ticket_id}</span>
        </To>
      )}
      {canUnlink(link) && <UnlinkButton ticket={ticket} link={link} />}
    </li>
  )
}

function UnlinkButton({ ticket, link }: { ticket: number; link: Link }) {
  const remove = useDeleteLink(ticket)
  return (
    <button
      type="button"
      className="grid size-6 shrink-0 place-items-center rounded text-dim hover:bg-hover hover:text-ink max-md:size-11"
      aria-label={t.unlinkLabel(link.ticket_id)}
      title={t.unlink}
      onClick={() => remove.mutate(link)}
    >
      <Unlink size={13} />
    </button>
  )
}

/** The problem that a ticket is an incident of, with how many share it. */
function ProblemCard({ ticket, link }: { ticket: number; link: Link }) {
  const status = useCategory()(link.status)
  const { data } = useQuery(linksQuery(link.ticket_id))
  const remove = useDeleteLink(ticket)
  const incidents = data?.items.filter(({ relation }) => relation === 'problem_of').length
  return (
    <div>
      <header className="mb-1 flex items-center justify-between">
        <h2 className="font-semibold">{t.incidentOfProblem}</h2>
        <Button
          className="-me-1.5 h-6 px-1.5 text-[12px] text-dim max-md:h-11"
          aria-label={t.unlinkLabel(link.ticket_id)}
          onClick={() => remove.mutate(link)}
        >
          {t.unlink}
        </Button>
      </header>
      <To
        to="/tickets/$id"
        params={{ id: String(link.ticket_id) }}
        className="block rounded-lg border border-line bg-raised px-3 py-2 hover:bg-hover"
      >
        <span className="flex items-center gap-2">
          <StatusIcon category={status?.category ?? 'open'} label={status?.label} />
          <span dir="auto" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {link.subject ?? t.hidden}
          </span>
        </span>
        <span className="mt-0.5 block ps-6 text-[12px] text-dim">
          #{link.ticket_id}
          {incidents !== undefined && incidents > 0 && ` · ${t.others(incidents)}`}
        </span>
      </To>
    </div>
  )
}
