import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Building2, Mail } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Menu } from '@/components/ui/menu'
import { StatusIcon } from '@/components/ui/status-icon'
import { customFieldsQuery, teamsQuery } from '@/desk/config'
import { type CustomField, CustomFieldControl, parseTyped } from '@/desk/custom-field-control'
import { setCustomField, setTags, setTeam, setType, type TicketChange } from '@/desk/ticket-changes'
import type { Ticket } from '@/desk/tickets'
import { TimeAgo } from '@/desk/time-ago'
import { problemAt, problemsOf } from '@/lib/api/client'
import { historyQuery } from './queries'
import { TagField } from './tag-field'

/** The column beside a ticket: its requester, its fields and tags, and the requester's other tickets. */
export function Details({
  ticket,
  apply,
  error,
}: {
  ticket: Ticket
  apply: (change: TicketChange) => void
  /** Why the last change was refused. */
  error: Error | null
}) {
  const { data: teams } = useQuery(teamsQuery)
  const { data: fields } = useQuery(customFieldsQuery)
  const { data: history } = useQuery(historyQuery(ticket.requester.id))
  const known = new Set(fields?.items.map((field) => `custom.${field.key}`))
  const otherProblems = problemsOf(error).filter(({ path }) => path !== 'subject' && !known.has(path))
  return (
    <aside
      aria-label="About this ticket"
      tabIndex={0}
      className="w-[308px] shrink-0 space-y-4 overflow-auto border-l border-line p-4"
    >
      <header className="flex items-center gap-3">
        <Avatar name={ticket.requester.name} size={40} />
        <div className="min-w-0">
          <div className="truncate font-semibold">{ticket.requester.name}</div>
          <div className="text-[12px] text-dim">via {ticket.channel}</div>
        </div>
      </header>
      <div className="space-y-1.5">
        {ticket.organization && (
          <p className="flex items-center gap-2.5">
            <Building2 size={15} className="text-dim" aria-hidden /> {ticket.organization.name}
          </p>
        )}
        {ticket.requester.email && (
          <p className="flex items-center gap-2.5 truncate">
            <Mail size={15} className="shrink-0 text-dim" aria-hidden />{' '}
            <span className="truncate">{ticket.requester.email}</span>
          </p>
        )}
      </div>
      <hr className="border-line" />
      <h2 className="font-semibold">Details</h2>
      {otherProblems.length > 0 && (
        <ul role="alert" className="rounded-md bg-danger-soft p-2 text-danger">
          {otherProblems.map(({ path, message }) => (
            <li key={path}>
              {path}: {message}
            </li>
          ))}
        </ul>
      )}
      <dl className="grid grid-cols-[96px_1fr] items-center gap-y-1.5">
        <dt className="text-dim">Team</dt>
        <dd>
          <Menu
            label="Team"
            trigger={
              <button
                type="button"
                className="rounded px-1.5 py-0.5 hover:bg-hover"
                aria-label={`Team: ${ticket.team?.name ?? 'none'}`}
              >
                {ticket.team?.name ?? <span className="text-dim">None</span>}
              </button>
            }
            items={
              teams?.items.map((team) => ({
                key: String(team.id),
                label: team.name,
                chosen: team.id === ticket.team?.id,
                run: () => apply(setTeam(team)),
              })) ?? []
            }
          />
        </dd>
        <dt className="text-dim">Type</dt>
        <dd>
          <Menu
            label="Type"
            trigger={
              <button
                type="button"
                className="rounded px-1.5 py-0.5 capitalize hover:bg-hover"
                aria-label={`Type: ${ticket.type}`}
              >
                {ticket.type}
              </button>
            }
            items={(['question', 'incident', 'problem', 'task'] as const).map((type) => ({
              key: type,
              label: type,
              chosen: type === ticket.type,
              run: () => apply(setType(type)),
            }))}
          />
        </dd>
        {fields?.items
          .filter((field) => field.active)
          .map((field) => (
            <FieldRow
              key={field.key}
              field={field}
              value={ticket.custom[field.key]}
              message={problemAt(error, `custom.${field.key}`)}
              save={(value) => apply(setCustomField(field.key, value))}
            />
          ))}
        <dt className="self-start pt-1 text-dim">Tags</dt>
        <dd>
          <TagField tags={ticket.tags} save={(tags) => apply(setTags(tags))} />
        </dd>
      </dl>
      <hr className="border-line" />
      <h2 className="font-semibold">History with {ticket.requester.name}</h2>
      <ul className="space-y-1">
        {history?.items
          .filter((row) => row.id !== ticket.id)
          .map((row) => (
            <li key={row.id}>
              <Link
                to="/tickets/$id"
                params={{ id: String(row.id) }}
                className="-mx-1.5 flex items-center gap-2 rounded px-1.5 py-0.5 hover:bg-hover"
              >
                <StatusIcon category={row.status_category} label={row.status} />
                <span className="flex-1 truncate">{row.subject}</span>
                <span className="text-dim">
                  <TimeAgo at={row.updated_at} />
                </span>
              </Link>
            </li>
          ))}
      </ul>
    </aside>
  )
}

/** One custom field: typed text is sent as it is, and the API explains what is wrong with it. */
function FieldRow({
  field,
  value,
  message,
  save,
}: {
  field: CustomField
  value: unknown
  message: string | undefined
  save: (value: unknown) => void
}) {
  const [draft, setDraft] = useState<string | null>(null)
  const id = `field-${field.key}`
  // A stored value replaces the typed one, unless somebody is typing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the stored value changes
  useEffect(() => {
    if (document.activeElement?.id !== id) setDraft(null)
  }, [value])
  return (
    <>
      <dt className="text-dim">
        <label id={`${id}-label`} htmlFor={field.type === 'multiselect' ? undefined : id} title={field.description}>
          {field.label}
        </label>
      </dt>
      <dd>
        <CustomFieldControl
          field={field}
          id={id}
          value={value}
          message={message}
          className="h-6 w-full rounded border border-transparent bg-canvas px-1.5 hover:border-line focus:border-accent aria-invalid:border-danger"
          onChange={save}
          text={{
            value: draft ?? String(value ?? ''),
            onText: setDraft,
            onLeave: () => {
              if (draft !== null && draft !== String(value ?? '')) save(parseTyped(field, draft))
              // A refused value stays in its field, beside what is wrong with it.
              else setDraft(null)
            },
          }}
        />
        {message && (
          <span id={`${id}-error`} role="alert" className="block px-1.5 text-[12px] leading-4 text-danger">
            {field.label} {message}
          </span>
        )}
      </dd>
    </>
  )
}
