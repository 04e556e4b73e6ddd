import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { customersQuery } from '@/desk/customers'
import { LIST_LINK, LIST_ROW, ListPage } from '@/desk/list-page'
import { t } from './messages'
import { NewCustomer } from './new-customer'
import { TicketCounts, useTicketCounts } from './ticket-counts'

const COLUMNS = 'md:grid md:grid-cols-[minmax(0,5fr)_minmax(0,5fr)_minmax(0,4fr)_10rem] md:items-center md:gap-4'

/** All people who asked for something, by name. */
export function PeoplePage() {
  const { q = '' } = useSearch({ from: '/desk/customers' })
  const navigate = useNavigate()
  const [sort, setSort] = useState('')
  const pages = useInfiniteQuery(customersQuery({ ...(q ? { q } : {}), ...(sort ? { sort } : {}) }))
  const countsOf = useTicketCounts('requester', pages.data?.pages)
  const [adding, setAdding] = useState(false)
  const people = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <ListPage
        title={t.people}
        find={t.find}
        q={q}
        setQ={(next) => navigate({ to: '/customers', search: next ? { q: next } : {}, replace: true })}
        add={t.newPerson}
        onAdd={() => setAdding(true)}
        tools={
          <select
            aria-label={t.sort}
            className="h-7 rounded-md border border-line bg-raised px-2 focus:border-accent max-md:h-11"
            value={sort}
            onChange={(event) => setSort(event.target.value)}
          >
            <option value="">{t.byName}</option>
            <option value="-created_at">{t.newestFirst}</option>
          </select>
        }
        pages={pages}
        empty={
          <EmptyState
            icon={<Users size={20} />}
            title={t.noPeople}
            action={
              <Button variant="chip" onClick={() => setAdding(true)}>
                {t.newPerson}
              </Button>
            }
          >
            {t.noPeopleText}
          </EmptyState>
        }
        heads={
          <div className={COLUMNS}>
            <span className="ps-[38px]">{t.name}</span>
            <span>{t.email}</span>
            <span>{t.organization}</span>
            <span>{t.tickets}</span>
          </div>
        }
      >
        {people.map((person) => (
          <li key={person.id} className={`${LIST_ROW} ${COLUMNS}`}>
            <span className="flex min-w-0 items-center gap-2.5">
              <Avatar name={person.name} size={28} />
              <Link to="/customers/$id" params={{ id: String(person.id) }} data-row className={LIST_LINK} dir="auto">
                {person.name}
              </Link>
            </span>
            {[person.email, person.organization?.name].map((text, at) => (
              <span key={String(at)} className="min-w-0 text-dim max-md:ms-[38px] max-md:block">
                <span className="block truncate" dir="auto">
                  {text}
                </span>
              </span>
            ))}
            <TicketCounts counts={countsOf(person.id)} />
          </li>
        ))}
      </ListPage>
      <NewCustomer open={adding} name={q} onClose={() => setAdding(false)} />
    </>
  )
}
