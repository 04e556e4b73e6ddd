import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { Building2 } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { number } from '@/lib/messages'
import { t } from './messages'
import { OrganizationRow, PersonRow } from './name-rows'
import type { Names } from './use-names-found'

const MOST = 5

/** The first people and organizations found, beside the tickets. `narrow`: in one row above them. */
export function PeopleFound({
  names: { words, people, organizations },
  narrow = false,
  className,
}: {
  names: Names
  narrow?: boolean
  className?: string
}) {
  // Until something is looked for there is nothing to be found.
  if (!words.length) return null
  if (narrow)
    return people.items.length + organizations.items.length === 0 ? null : (
      <nav aria-label={t.people} className={clsx('flex gap-1.5 overflow-x-auto px-3 py-2 md:px-4', className)}>
        {people.items.slice(0, MOST).map((person) => (
          <Link key={person.id} to="/customers/$id" params={{ id: String(person.id) }} className={CHIP}>
            <Avatar name={person.name} size={18} /> <span dir="auto">{person.name}</span>
          </Link>
        ))}
        {organizations.items.slice(0, MOST).map((organization) => (
          <Link key={organization.id} to="/organizations/$id" params={{ id: String(organization.id) }} className={CHIP}>
            <Building2 size={14} aria-hidden /> <span dir="auto">{organization.name}</span>
          </Link>
        ))}
      </nav>
    )
  return (
    <div className="space-y-1 px-2 pb-4">
      <Heading title={t.people} found={people} all={{ to: '/customers', label: t.allPeople, q: words.join(' ') }} />
      {people.items.slice(0, MOST).map((person) => (
        <PersonRow key={person.id} person={person} words={words} />
      ))}
      {people.items.length === 0 && <p className="px-2 text-dim">{t.nothing}</p>}
      <Heading
        title={t.organizations}
        found={organizations}
        all={{ to: '/organizations', label: t.allOrganizations, q: words.join(' ') }}
      />
      {organizations.items.slice(0, MOST).map((organization) => (
        <OrganizationRow key={organization.id} organization={organization} words={words} />
      ))}
      {organizations.items.length === 0 && <p className="px-2 text-dim">{t.nothing}</p>}
    </div>
  )
}

const CHIP =
  'inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-full border border-line bg-raised ps-1.5 pe-3 hover:bg-hover max-md:min-h-11'

const Heading = ({
  title,
  found: { items, more },
  all,
}: {
  title: string
  found: { items: unknown[]; more: boolean }
  all: { to: '/customers' | '/organizations'; label: string; q: string }
}) => (
  <div className="flex items-center justify-between px-2 pt-4 pb-1">
    <h2 className="font-semibold">
      {title}{' '}
      {items.length > 0 && (
        <span className="font-normal text-dim">
          {number(items.length)}
          {more && '+'}
        </span>
      )}
    </h2>
    <Link
      to={all.to}
      search={all.q ? { q: all.q } : {}}
      className="rounded px-1 text-[12px] leading-6 text-dim hover:underline"
    >
      {all.label}
    </Link>
  </div>
)
