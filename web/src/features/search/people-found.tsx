import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { Building2 } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { Marked, markWords } from '@/desk/search/marked'
import { organizationsFoundQuery, peopleFoundQuery, wordsOf } from '@/desk/search/queries'
import { number } from '@/lib/messages'
import { t } from './messages'

const MOST = 5

/** Of several answers the entries once each, the first answer's first. */
const once = <T extends { id: number }>(lists: (T[] | undefined)[]): T[] => {
  const seen = new Map<number, T>()
  for (const list of lists) for (const each of list ?? []) if (!seen.has(each.id)) seen.set(each.id, each)
  return [...seen.values()].slice(0, MOST)
}

/** Customers and organizations whose names hold a word of the question. `narrow`: in one row above the tickets. */
export function PeopleFound({
  question,
  narrow = false,
  className,
}: {
  question: string
  narrow?: boolean
  className?: string
}) {
  const words = wordsOf(question).filter((word) => word.length > 1)
  // A name of several words as it stands, then each word by itself.
  const asked = [...new Set([words.join(' '), ...words])].filter((each) => each.length > 1).slice(0, 4)
  const people = once(
    useQueries({ queries: asked.map((each) => peopleFoundQuery(each, MOST)) }).map((q) => q.data?.items),
  )
  const organizations = once(
    useQueries({ queries: asked.map((each) => organizationsFoundQuery(each, MOST)) }).map((q) => q.data?.items),
  )
  // Until something is looked for there is nothing to be found.
  if (!asked.length) return null
  if (narrow)
    return people.length + organizations.length === 0 ? null : (
      <nav aria-label={t.people} className={clsx('flex gap-1.5 overflow-x-auto px-3 py-2 md:px-4', className)}>
        {people.map((person) => (
          <Link key={person.id} to="/customers/$id" params={{ id: String(person.id) }} className={CHIP}>
            <Avatar name={person.name} size={18} /> <span dir="auto">{person.name}</span>
          </Link>
        ))}
        {organizations.map((organization) => (
          <Link key={organization.id} to="/organizations/$id" params={{ id: String(organization.id) }} className={CHIP}>
            <Building2 size={14} aria-hidden /> <span dir="auto">{organization.name}</span>
          </Link>
        ))}
      </nav>
    )
  return (
    <div className="space-y-1 px-2 pb-4">
      <Heading
        title={t.people}
        count={people.length}
        all={{ to: '/customers', label: t.allPeople, q: words.join(' ') }}
      />
      {people.map((person) => (
        <Link key={person.id} to="/customers/$id" params={{ id: String(person.id) }} className={ROW}>
          <Avatar name={person.name} size={28} />
          <span className="min-w-0">
            <span className="page-start block truncate font-medium" dir="auto">
              <Marked html={markWords(person.name, words)} />
            </span>
            <span className="page-start block truncate text-[12px] leading-4 text-dim" dir="auto">
              {person.organization?.name ?? <Marked html={markWords(person.email ?? '', words)} />}
            </span>
          </span>
        </Link>
      ))}
      {people.length === 0 && <p className="px-2 text-dim">{t.nothing}</p>}
      <Heading
        title={t.organizations}
        count={organizations.length}
        all={{ to: '/organizations', label: t.allOrganizations, q: words.join(' ') }}
      />
      {organizations.map((organization) => (
        <Link key={organization.id} to="/organizations/$id" params={{ id: String(organization.id) }} className={ROW}>
          <span className="grid size-7 shrink-0 place-items-center rounded-md bg-hover text-dim">
            <Building2 size={15} aria-hidden />
          </span>
          <span className="min-w-0">
            <span className="page-start block truncate font-medium" dir="auto">
              <Marked html={markWords(organization.name, words)} />
            </span>
            <span className="block truncate text-[12px] leading-4 text-dim">{organization.domains.join(', ')}</span>
          </span>
        </Link>
      ))}
      {organizations.length === 0 && <p className="px-2 text-dim">{t.nothing}</p>}
    </div>
  )
}

const CHIP =
  'inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-full border border-line bg-raised ps-1.5 pe-3 hover:bg-hover max-md:min-h-11'
const ROW = 'flex min-h-11 items-center gap-2.5 rounded-md px-2 py-1 hover:bg-hover'

const Heading = ({
  title,
  count,
  all,
}: {
  title: string
  count: number
  all: { to: '/customers' | '/organizations'; label: string; q: string }
}) => (
  <div className="flex items-center justify-between px-2 pt-4 pb-1">
    <h2 className="font-semibold">
      {title}{' '}
      {count > 0 && (
        <span className="font-normal text-dim">
          {number(count)}
          {count === MOST && '+'}
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
