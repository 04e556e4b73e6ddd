import { useQuery } from '@tanstack/react-query'
import { Building2, Mail, Pencil, Phone } from 'lucide-react'
import { AppLink } from '@/components/app-link'
import { Avatar } from '@/components/ui/avatar'
import { RelationPicker } from '@/desk/fields/relation-picker'
import { setOrganization, setRequester } from '@/desk/ticket-changes'
import { useNow, useTimes } from '@/desk/times'
import { wallClock } from '@/lib/zoned'
import { requesterQuery } from '../queries'
import { useOpenMenu, useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { Unread } from './unread'

const EDIT =
  'grid size-6 shrink-0 place-items-center rounded text-dim opacity-0 in-[.group:focus-within]:opacity-100 in-[.group:hover]:opacity-100 hover:bg-hover hover:text-ink focus-visible:opacity-100 pointer-coarse:opacity-100 max-md:size-11'
const LINE = 'group flex min-h-6 items-center gap-2.5 max-md:min-h-11'

/** What their clock shows; a zone that this browser does not know is told by its name. */
function timeIn(now: number, zone: string): string {
  try {
    return wallClock(new Date(now).toISOString(), zone).time
  } catch {
    return zone
  }
}

/** Who asks, and how they can be reached; their name leads to everything about them. */
export function RequesterCard() {
  const { ticket, apply } = useOpenTicket()
  const { requester, organization } = ticket
  const person = useQuery(requesterQuery(requester.id))
  const { zone } = useTimes()
  const now = useNow()
  // Nobody has said where most customers are: the desk keeps them as UTC, and their clock would be made up.
  const local = person.data?.time_zone === 'UTC' ? undefined : person.data?.time_zone
  return (
    <section aria-label={t.names.requester_id} className="space-y-1">
      <header className="group flex items-center gap-3">
        <Avatar name={requester.name} size={40} />
        <div className="min-w-0 flex-1">
          <AppLink
            href={`/customers/${requester.id}`}
            title={t.requester.open(requester.name)}
            dir="auto"
            className="block rounded leading-6 font-semibold [overflow-wrap:anywhere] hover:underline"
          >
            {requester.name}
          </AppLink>
          <div className="text-[12px] leading-4 text-dim">
            {local && local !== zone ? t.requester.localTime(timeIn(now, local)) : '\u00a0'}
          </div>
        </div>
        <RelationPicker
          target="user"
          label={t.requester.change}
          {...useOpenMenu('requester')}
          chosen={requester.id}
          onChoose={(id, name) => id && id !== requester.id && void apply(setRequester({ id, name }))}
          trigger={
            <button type="button" className={EDIT} aria-label={t.requester.change} title={t.requester.change}>
              <Pencil size={13} />
            </button>
          }
        />
      </header>
      <p className={LINE}>
        <Building2 size={15} className="shrink-0 text-dim" aria-hidden />
        {organization ? (
          <AppLink
            href={`/organizations/${organization.id}`}
            dir="auto"
            className="min-w-0 truncate rounded hover:underline"
          >
            {organization.name}
          </AppLink>
        ) : (
          <span className="text-dim">{t.requester.noOrganization}</span>
        )}
        <span className="flex-1" />
        <RelationPicker
          target="organization"
          label={t.requester.changeOrganization}
          {...useOpenMenu('organization')}
          chosen={organization?.id}
          none={t.requester.noOrganization}
          onChoose={(id, name) => void apply(setOrganization(id ? { id, name } : null))}
          trigger={
            <button
              type="button"
              className={EDIT}
              aria-label={t.requester.changeOrganization}
              title={t.requester.changeOrganization}
            >
              <Pencil size={13} />
            </button>
          }
        />
      </p>
      {requester.email && (
        <p className={LINE}>
          <Mail size={15} className="shrink-0 text-dim" aria-hidden />
          <a
            href={`mailto:${requester.email}`}
            title={t.requester.write(requester.email)}
            className="min-w-0 truncate rounded hover:underline"
          >
            {requester.email}
          </a>
        </p>
      )}
      {person.data?.phone && (
        <p className={LINE}>
          <Phone size={15} className="shrink-0 text-dim" aria-hidden />
          <a
            href={`tel:${person.data.phone.replace(/[^+\d]/g, '')}`}
            title={t.requester.call(person.data.phone)}
            className="rounded hover:underline"
          >
            {person.data.phone}
          </a>
        </p>
      )}
      {person.isError && <Unread text={t.requester.unread} retry={() => void person.refetch()} />}
    </section>
  )
}
