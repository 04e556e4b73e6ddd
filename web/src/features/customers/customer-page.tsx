import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Merge, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { InlineField } from '@/components/ui/inline-field'
import { type Customer, customerQuery, notesQuery, useChangeCustomer } from '@/desk/customers'
import { meQuery } from '@/desk/me'
import { newTicketFor } from '@/desk/new-ticket-for'
import { usePageTitle } from '@/desk/page'
import { PinnedNote } from '@/desk/pinned-note'
import { remember } from '@/desk/recent'
import { Contact, OrganizationCard } from './contact'
import { Fields } from './fields'
import { History } from './history'
import { MergeDialog } from './merge-dialog'
import { t } from './messages'
import { Notes } from './notes'
import { Numbers } from './numbers'
import { PageSkeleton } from './page-skeleton'
import { Sections } from './sections'
import { TicketRows } from './ticket-rows'

/** A customer: who they are, all they had to do with the desk, and what colleagues noted. */
export function CustomerPage({ id }: { id: number }) {
  const { data: customer, error, refetch } = useQuery(customerQuery(id))
  if (error && !customer) return <ErrorState error={error} retry={() => refetch()} />
  if (!customer) return <PageSkeleton />
  return <Page customer={customer} />
}

function Page({ customer }: { customer: Customer }) {
  const { id } = customer
  const about = { kind: 'customer' as const, id }
  const { data: me } = useQuery(meQuery)
  const { data: notes } = useQuery(notesQuery(about))
  const change = useChangeCustomer(id)
  const [merging, setMerging] = useState(false)
  const [shown, setShown] = useState('history')
  usePageTitle(customer.name)
  useEffect(() => {
    if (customer.role === 'customer' && customer.active) remember('customers', String(id))
  }, [id, customer.role, customer.active])
  const isCustomer = customer.role === 'customer'
  const fixed = !customer.active || (!isCustomer && me?.role !== 'admin')
  const details = (
    <>
      <Contact customer={customer} disabled={fixed} />
      {isCustomer && <OrganizationCard customer={customer} disabled={fixed} />}
      <Fields values={customer.custom} disabled={fixed} save={(custom) => change.mutateAsync({ change: { custom } })} />
      <Notes about={about} />
    </>
  )
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label={customer.name} className="flex min-w-0 flex-1 flex-col overflow-y-auto">
        <header className="shrink-0 space-y-3 px-4 pt-4 pb-3 md:px-5">
          <Link
            to="/customers"
            className="-my-2 inline-flex min-h-11 items-center gap-1.5 text-dim hover:underline lg:hidden"
          >
            <ArrowLeft size={15} className="rtl:-scale-x-100" aria-hidden /> {t.people}
          </Link>
          <div className="flex flex-wrap items-center gap-3">
            <Avatar name={customer.name} size={48} />
            <div className="min-w-0 flex-1 basis-56">
              <h1 className="text-[20px] leading-7 font-semibold" tabIndex={-1}>
                <InlineField
                  label={t.name}
                  value={customer.name}
                  disabled={fixed}
                  onSave={(name) => change.mutateAsync({ change: { name } })}
                />
              </h1>
              <p className="flex flex-wrap gap-x-2 px-1.5 text-dim">
                <span>{isCustomer ? t.customer : t.staff(customer.role)}</span>
                {!customer.active && <span className="font-medium text-ink">{t.inactive}</span>}
                {customer.organization && (
                  <Link
                    to="/organizations/$id"
                    params={{ id: String(customer.organization.id) }}
                    className="font-medium text-ink hover:underline"
                    dir="auto"
                  >
                    {customer.organization.name}
                  </Link>
                )}
              </p>
            </div>
            {isCustomer && customer.active && (
              <div className="flex gap-2">
                <Button variant="chip" className="max-md:h-11" onClick={() => setMerging(true)}>
                  <Merge size={14} aria-hidden /> {t.merge}
                </Button>
                <Button
                  variant="primary"
                  className="max-md:h-11"
                  onClick={() => newTicketFor({ name: customer.name, email: customer.email ?? '' })}
                >
                  <Plus size={15} aria-hidden /> {t.newTicket}
                </Button>
              </div>
            )}
          </div>
          {customer.merged_into_id && (
            <p
              role="status"
              className="flex flex-wrap items-center gap-x-3 rounded-lg border border-line bg-panel px-3 py-2"
            >
              <span className="flex-1">{t.mergedInto}</span>
              <Link
                to="/customers/$id"
                params={{ id: String(customer.merged_into_id) }}
                className="font-medium text-accent hover:underline"
              >
                {t.toRemaining}
              </Link>
            </p>
          )}
          {isCustomer && <Numbers about={about} name={customer.email ?? customer.name} />}
          <PinnedNote user={id} organization={customer.organization_id ?? undefined} />
        </header>
        <Sections
          shown={shown}
          show={setShown}
          sections={[
            { key: 'history', label: t.tabs.history, content: <History about={about} /> },
            { key: 'tickets', label: t.tabs.tickets, content: <TicketRows about={about} /> },
            {
              key: 'details',
              label: t.details,
              count: notes?.items.length ? String(notes.items.length) : undefined,
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
      <MergeDialog customer={customer} open={merging} onClose={() => setMerging(false)} />
    </div>
  )
}
