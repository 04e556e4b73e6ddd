import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Building2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { organizationsQuery } from '@/desk/customers'
import { LIST_LINK, LIST_ROW, ListPage } from '@/desk/list-page'
import { useTimes } from '@/desk/times'
import { t } from './messages'
import { NewOrganization } from './new-organization'
import { TicketCounts, useTicketCounts } from './ticket-counts'

const COLUMNS = 'md:grid md:grid-cols-[minmax(0,5fr)_minmax(0,5fr)_minmax(0,4fr)_10rem] md:items-center md:gap-4'

/** All organizations, by name. */
export function OrganizationsPage() {
  const { q = '' } = useSearch({ from: '/desk/organizations' })
  const navigate = useNavigate()
  const times = useTimes()
  const pages = useInfiniteQuery(organizationsQuery(q))
  const countsOf = useTicketCounts('organization', pages.data?.pages)
  const [adding, setAdding] = useState(false)
  const organizations = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <ListPage
        title={t.organizations}
        find={t.findOrganization}
        q={q}
        setQ={(next) => navigate({ to: '/organizations', search: next ? { q: next } : {}, replace: true })}
        add={t.newOrganization}
        onAdd={() => setAdding(true)}
        pages={pages}
        empty={
          <EmptyState
            icon={<Building2 size={20} />}
            title={t.noOrganizations}
            action={
              <Button variant="chip" onClick={() => setAdding(true)}>
                {t.newOrganization}
              </Button>
            }
          >
            {t.noOrganizationsText}
          </EmptyState>
        }
        heads={
          <div className={COLUMNS}>
            <span className="ps-[38px]">{t.name}</span>
            <span>{t.domains}</span>
            <span>{t.since}</span>
            <span>{t.tickets}</span>
          </div>
        }
      >
        {organizations.map((organization) => (
          <li key={organization.id} className={`${LIST_ROW} ${COLUMNS}`}>
            <span className="flex min-w-0 items-center gap-2.5">
              <span className="grid size-7 shrink-0 place-items-center rounded-md bg-hover text-dim">
                <Building2 size={15} aria-hidden />
              </span>
              <Link
                to="/organizations/$id"
                params={{ id: String(organization.id) }}
                data-row
                className={LIST_LINK}
                dir="auto"
              >
                {organization.name}
              </Link>
            </span>
            <span className="min-w-0 text-dim max-md:ms-[38px] max-md:block">
              <span className="block truncate" dir="auto">
                {organization.domains.join(', ')}
              </span>
            </span>
            <span className="truncate text-dim max-md:hidden">{times.day(organization.created_at)}</span>
            <TicketCounts counts={countsOf(organization.id)} />
          </li>
        ))}
      </ListPage>
      <NewOrganization open={adding} name={q} onClose={() => setAdding(false)} />
    </>
  )
}
