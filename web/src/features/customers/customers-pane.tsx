import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useMatchRoute, useNavigate } from '@tanstack/react-router'
import { Box, Building2, Search, Users } from 'lucide-react'
import { ListFailed } from '@/components/picker/list-failed'
import { Avatar } from '@/components/ui/avatar'
import { customerQuery } from '@/desk/customers'
import { objectTypesQuery } from '@/desk/objects'
import { PANE_ROW, PaneHeading, PaneSection } from '@/desk/pane-parts'
import { useRecent } from '@/desk/recent'
import { t } from './messages'

/** The pane of customers: the lists, the desk's own objects, and whom one looked at last. */
export function CustomersPane() {
  const navigate = useNavigate()
  const match = useMatchRoute()
  const onList = Boolean(match({ to: '/customers' }) || match({ to: '/organizations' }))
  const { data: types, isError, refetch } = useQuery(objectTypesQuery)
  const recent = useRecent('customers')
  const seen = useQueries({
    queries: recent.map((id) => ({ ...customerQuery(Number(id)), staleTime: 600_000, retry: false })),
  })
  return (
    <>
      <PaneHeading>{t.customers}</PaneHeading>
      {/* The lists have a search of their own. */}
      {!onList && (
        <form
          role="search"
          className="mx-2 mb-2 flex h-11 shrink-0 items-center gap-1.5 rounded-md border border-line bg-raised px-1.5 focus-within:border-accent md:h-7"
          onSubmit={(event) => {
            event.preventDefault()
            const q = String(new FormData(event.currentTarget).get('q') ?? '').trim()
            void navigate({ to: '/customers', search: q ? { q } : {} })
          }}
        >
          <Search size={15} className="shrink-0 text-dim" aria-hidden />
          <input
            name="q"
            aria-label={t.find}
            placeholder={t.find}
            autoComplete="off"
            dir="auto"
            className="w-full min-w-0 bg-transparent outline-none placeholder:text-dim"
          />
        </form>
      )}
      <nav aria-label={t.customers} className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        <Link to="/customers" activeOptions={{ exact: true, includeSearch: false }} className={PANE_ROW}>
          <Users size={16} className="text-dim" aria-hidden /> {t.people}
        </Link>
        <Link to="/organizations" activeOptions={{ exact: true, includeSearch: false }} className={PANE_ROW}>
          <Building2 size={16} className="text-dim" aria-hidden /> {t.organizations}
        </Link>
        {(isError && !types) || types?.items.length ? (
          <PaneSection title={t.objects}>
            {!types && <ListFailed retry={() => void refetch()} />}
            {types?.items.map((type) => (
              <Link key={type.key} to="/objects/$type" params={{ type: type.key }} className={PANE_ROW}>
                <Box size={16} className="text-dim" aria-hidden />
                <span className="truncate" dir="auto">
                  {type.plural_name}
                </span>
              </Link>
            ))}
          </PaneSection>
        ) : null}
        {recent.length > 0 && (
          <PaneSection title={t.recent}>
            {seen.map(
              ({ data: person }) =>
                person && (
                  <Link
                    key={person.id}
                    to="/customers/$id"
                    params={{ id: String(person.id) }}
                    className={`${PANE_ROW} py-1`}
                  >
                    <Avatar name={person.name} size={26} />
                    <span className="min-w-0">
                      <span className="block truncate" dir="auto">
                        {person.name}
                      </span>
                      <span className="block truncate text-[11px] leading-4 font-normal text-dim" dir="auto">
                        {person.organization?.name ?? person.email}
                      </span>
                    </span>
                  </Link>
                ),
            )}
          </PaneSection>
        )}
      </nav>
    </>
  )
}
