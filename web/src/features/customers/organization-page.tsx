import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Building2, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { InlineField } from '@/components/ui/inline-field'
import { customersQuery, type Organization, organizationQuery, useChangeOrganization } from '@/desk/customers'
import { LIST_LINK, LIST_ROW } from '@/desk/list-page'
import { usePageTitle } from '@/desk/page'
import { PinnedNote } from '@/desk/pinned-note'
import { useRowKeys } from '@/desk/use-row-keys'
import { Fields } from './fields'
import { History } from './history'
import { t } from './messages'
import { NewCustomer } from './new-customer'
import { readDomains } from './new-organization'
import { Notes } from './notes'
import { Numbers } from './numbers'
import { PageSkeleton } from './page-skeleton'
import { Sections } from './sections'
import { TicketRows } from './ticket-rows'

/** An organization: its people, all their tickets in one history, and what colleagues noted. */
export function OrganizationPage({ id }: { id: number }) {
  const { data: organization, error, refetch } = useQuery(organizationQuery(id))
  if (error && !organization) return <ErrorState error={error} retry={() => refetch()} />
  if (!organization) return <PageSkeleton />
  return <Page organization={organization} />
}

function Page({ organization }: { organization: Organization }) {
  const { id } = organization
  const about = { kind: 'organization' as const, id }
  const change = useChangeOrganization(id)
  const people = useInfiniteQuery(customersQuery({ organization: id }))
  const [shown, setShown] = useState('history')
  const [adding, setAdding] = useState(false)
  usePageTitle(organization.name)
  const count = people.data?.pages.reduce((sum, page) => sum + page.items.length, 0)
  const details = (
    <>
      <section aria-label={t.about}>
        <h2 className="pb-1 font-semibold">{t.about}</h2>
        <dl className="space-y-1">
          <div>
            <dt className="text-dim">{t.domains}</dt>
            <dd className="-ms-1.5">
              <InlineField
                label={t.domains}
                value={organization.domains.join(', ')}
                onSave={(text) => change.mutateAsync({ domains: readDomains(text) })}
              />
            </dd>
          </div>
          <div>
            <dt className="text-dim">{t.about}</dt>
            <dd className="-ms-1.5">
              <InlineField
                label={t.about}
                multiline
                value={organization.notes}
                onSave={(notes) => change.mutateAsync({ notes })}
              />
            </dd>
          </div>
        </dl>
      </section>
      <Fields values={organization.custom} disabled={false} save={(custom) => change.mutateAsync({ custom })} />
      <Notes about={about} />
    </>
  )
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label={organization.name} className="flex min-w-0 flex-1 flex-col overflow-y-auto">
        <header className="shrink-0 space-y-3 px-4 pt-4 pb-3 md:px-5">
          <Link
            to="/organizations"
            className="-my-2 inline-flex min-h-11 items-center gap-1.5 text-dim hover:underline lg:hidden"
          >
            <ArrowLeft size={15} className="rtl:-scale-x-100" aria-hidden /> {t.organizations}
          </Link>
          <div className="flex flex-wrap items-center gap-3">
            <span className="grid size-12 shrink-0 place-items-center rounded-lg bg-hover text-dim">
              <Building2 size={22} aria-hidden />
            </span>
            <div className="min-w-0 flex-1 basis-56">
              <h1 className="text-[20px] leading-7 font-semibold" tabIndex={-1}>
                <InlineField label={t.name} value={organization.name} onSave={(name) => change.mutateAsync({ name })} />
              </h1>
              <p className="px-1.5 text-dim">
                {[organization.domains[0], count === undefined ? null : t.peopleCount(count, people.hasNextPage)]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            <Button variant="chip" className="max-md:h-11" onClick={() => setAdding(true)}>
              <Plus size={15} aria-hidden /> {t.newPerson}
            </Button>
          </div>
          <Numbers about={about} name={organization.name} />
          <PinnedNote organization={id} />
        </header>
        <Sections
          shown={shown}
          show={setShown}
          sections={[
            { key: 'history', label: t.tabs.history, content: <History about={about} /> },
            { key: 'tickets', label: t.tabs.tickets, content: <TicketRows about={about} /> },
            {
              key: 'people',
              label: t.tabs.people,
              count: count === undefined ? undefined : `${count}${people.hasNextPage ? '+' : ''}`,
              content: <People organization={id} />,
            },
            {
              key: 'details',
              label: t.details,
              narrow: true,
              content: <div className="space-y-5 p-4 xl:hidden">{details}</div>,
            },
          ]}
        />
      </section>
      <aside
        aria-label={t.details}
        className="hidden w-[320px] shrink-0 space-y-5 overflow-y-auto border-s border-line bg-panel px-4 py-4 xl:block"
      >
        {details}
      </aside>
      <NewCustomer open={adding} organization={{ id, name: organization.name }} onClose={() => setAdding(false)} />
    </div>
  )
}

/** Who belongs to it. */
function People({ organization }: { organization: number }) {
  const pages = useInfiniteQuery(customersQuery({ organization }))
  const list = useRef<HTMLUListElement>(null)
  const keys = useRowKeys(list)
  const people = pages.data?.pages.flatMap((page) => page.items) ?? []
  if (pages.error && !pages.data) return <ErrorState error={pages.error} retry={() => pages.refetch()} />
  if (pages.isSuccess && !people.length) return <EmptyState title={t.noPeople}>{t.noPeopleText}</EmptyState>
  return (
    <>
      <ul ref={list} aria-label={t.tabs.people} onKeyDown={keys.onKeyDown}>
        {people.map((person) => (
          <li key={person.id} className={`${LIST_ROW} flex items-center gap-2.5`}>
            <Avatar name={person.name} size={28} />
            <span className="min-w-0">
              <Link to="/customers/$id" params={{ id: String(person.id) }} data-row className={LIST_LINK} dir="auto">
                {person.name}
              </Link>
              <span className="block truncate text-dim">{person.email}</span>
            </span>
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <p className="p-3 text-center">
          <Button variant="chip" disabled={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {pages.isFetchingNextPage ? t.loading : t.more}
          </Button>
        </p>
      )}
    </>
  )
}
