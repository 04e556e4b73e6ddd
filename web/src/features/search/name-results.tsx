import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { SearchX } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { t } from './messages'
import { OrganizationRow, PersonRow } from './name-rows'
import { ResultSkeleton } from './result-skeleton'
import type { Names, NamesFound } from './use-names-found'

interface Props {
  kind: 'people' | 'organizations'
  names: Names
  onKeyDown: (event: KeyboardEvent) => void
  onOpen: () => void
}

/** The people, or the organizations, whose names hold a word of the question. */
export function NameResults({ kind, names: { words, people, organizations }, onKeyDown, onOpen }: Props) {
  if (!words.length)
    return (
      <EmptyState icon={<SearchX size={20} />} title={t.noName}>
        {t.noNameText}
      </EmptyState>
    )
  const q = words.join(' ')
  return kind === 'people' ? (
    <NameList
      onKeyDown={onKeyDown}
      label={t.people}
      found={people}
      row={(person) => <PersonRow person={person} words={words} onOpen={onOpen} />}
      all={<AllOf to="/customers" label={t.allPeople} q={q} />}
    />
  ) : (
    <NameList
      onKeyDown={onKeyDown}
      label={t.organizations}
      found={organizations}
      row={(organization) => <OrganizationRow organization={organization} words={words} onOpen={onOpen} />}
      all={<AllOf to="/organizations" label={t.allOrganizations} q={q} />}
    />
  )
}

const AllOf = ({ to, label, q }: { to: '/customers' | '/organizations'; label: string; q: string }) => (
  <Link to={to} search={{ q }} className="rounded px-2 py-1 text-accent hover:underline max-md:py-3">
    {label}
  </Link>
)

function NameList<T extends { id: number }>({
  label,
  found: { items, more, pending, stale, error, refetch },
  row,
  all,
  onKeyDown,
}: Pick<Props, 'onKeyDown'> & {
  label: string
  found: NamesFound<T>
  row: (item: T) => ReactNode
  /** Where the others are, when there are more. */
  all: ReactNode
}) {
  if (!items.length) {
    if (pending) return Array.from({ length: 7 }, (_, i) => <ResultSkeleton key={String(i)} small />)
    if (error) return <ErrorState error={error} retry={refetch} />
    return (
      <EmptyState icon={<SearchX size={20} />} title={t.nothing}>
        {t.nothingNamed}
      </EmptyState>
    )
  }
  return (
    <>
      <ul
        aria-label={label}
        aria-busy={stale}
        onKeyDown={onKeyDown}
        className={clsx('p-2 transition-opacity', stale && 'opacity-55')}
      >
        {items.map((item) => (
          <li key={item.id}>{row(item)}</li>
        ))}
      </ul>
      {more && <p className="px-3 pb-4 text-center">{all}</p>}
    </>
  )
}
