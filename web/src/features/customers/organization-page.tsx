import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Building2, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { InlineField } from '@/components/ui/inline-field'
import { useChangeOrganization } from '@/desk/change-customers'
import { customersQuery, type Organization, organizationQuery } from '@/desk/customers'
import { LIST_LINK, LIST_ROW } from '@/desk/list-page'
import { MoreButton } from '@/desk/more-button'
import { PageFailed, WAY_ON } from '@/desk/page-failed'
import { PinnedNote } from '@/desk/pinned-note'
import { useRowKeys } from '@/desk/use-row-keys'
import { AboutPage } from './about-page'
import { Fields } from './fields'
import { t } from './messages'
import { NewCustomer } from './new-customer'
import { readDomains } from './new-organization'
import { Numbers } from './numbers'
import { PageSkeleton } from './page-skeleton'
import { useRecordsSection } from './records'
import { RemoveOrganization } from './remove'

/** An organization: its people, all their tickets in one history, and what colleagues noted. */
export function OrganizationPage({ id }: { id: number }) {
  const { data: organization, error, refetch } = useQuery(organizationQuery(id))
  if (error && !organization)
    return (
      <PageFailed
        error={error}
        retry={refetch}
        missing={{
          title: t.noSuchOrganization,
          text: t.noSuchText,
          way: (
            <Link to="/organizations" className={WAY_ON}>
              {t.toOrganizations}
            </Link>
          ),
        }}
      />
    )
  if (!organization) return <PageSkeleton />
  return <Page organization={organization} />
}

function Page({ organization }: { organization: Organization }) {
  const { id } = organization
  const about = { kind: 'organization' as const, id }
  const records = useRecordsSection(about)
  const change = useChangeOrganization(id)
  const people = useInfiniteQuery(customersQuery({ organization: id }))
  const [adding, setAdding] = useState(false)
  const count = people.data?.pages.reduce((sum, page) => sum + page.items.length, 0)
  return (
    <>
      <AboutPage
        about={about}
        editable
        name={organization.name}
        list={{ to: '/organizations', label: t.organizations }}
        face={
          <span className="grid size-12 shrink-0 place-items-center rounded-lg bg-hover text-dim">
            <Building2 size={22} aria-hidden />
          </span>
        }
        title={
          <InlineField
            label={t.name}
            kept={`organization:${id}:name`}
            of={organization}
            value={organization.name}
            onSave={(name, seen) => change.mutateAsync({ name, seen })}
          />
        }
        line={[organization.domains[0], count === undefined ? null : t.peopleCount(count, people.hasNextPage)]
          .filter(Boolean)
          .join(' · ')}
        acts={
          <div className="flex flex-wrap gap-2">
            <RemoveOrganization organization={organization} />
            <Button variant="chip" className="max-md:h-11" onClick={() => setAdding(true)}>
              <Plus size={15} aria-hidden /> {t.newPerson}
            </Button>
          </div>
        }
        details={
          <>
            <Described organization={organization} change={change.mutateAsync} />
            <Fields
              kept={`organization:${id}`}
              of={organization}
              disabled={false}
              save={(custom, seen) => change.mutateAsync({ custom, seen })}
            />
          </>
        }
        sections={[
          {
            key: 'people',
            label: t.tabs.people,
            count: count === undefined ? undefined : `${count}${people.hasNextPage ? '+' : ''}`,
            content: <People organization={id} />,
          },
          ...records,
        ]}
      >
        <Numbers about={about} name={organization.name} />
        <PinnedNote organization={id} />
      </AboutPage>
      <NewCustomer open={adding} organization={{ id, name: organization.name }} onClose={() => setAdding(false)} />
    </>
  )
}

/** What its colleagues should know of it. */
const Described = ({
  organization,
  change,
}: {
  organization: Organization
  change: ReturnType<typeof useChangeOrganization>['mutateAsync']
}) => (
  <section aria-label={t.about}>
    <h2 className="pb-1 font-semibold">{t.about}</h2>
    <dl className="space-y-1">
      <div>
        <dt className="text-dim">{t.domains}</dt>
        <dd className="-ms-1.5">
          <InlineField
            label={t.domains}
            kept={`organization:${organization.id}:domains`}
            of={organization}
            value={organization.domains.join(', ')}
            onSave={(text, seen) => change({ domains: readDomains(text), seen })}
          />
        </dd>
      </div>
      <div>
        <dt className="text-dim">{t.about}</dt>
        <dd className="-ms-1.5">
          <InlineField
            label={t.about}
            kept={`organization:${organization.id}:notes`}
            multiline
            of={organization}
            value={organization.notes}
            onSave={(notes, seen) => change({ notes, seen })}
          />
        </dd>
      </div>
    </dl>
  </section>
)

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
              <span className="block truncate text-dim" dir="auto">
                {person.email}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <MoreButton pages={pages} />
    </>
  )
}
