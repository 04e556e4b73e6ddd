import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Merge, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { InlineField } from '@/components/ui/inline-field'
import { useChangeCustomer } from '@/desk/change-customers'
import { useCommands } from '@/desk/commands'
import { type Customer, customerQuery, notesQuery } from '@/desk/customers'
import { meQuery } from '@/desk/me'
import { newTicketFor } from '@/desk/new-ticket-for'
import { PageFailed, WAY_ON } from '@/desk/page-failed'
import { PinnedNote } from '@/desk/pinned-note'
import { remember } from '@/desk/recent'
import { AboutPage } from './about-page'
import { Contact, OrganizationCard } from './contact'
import { Fields } from './fields'
import { MergeDialog } from './merge-dialog'
import { t } from './messages'
import { Numbers } from './numbers'
import { PageSkeleton } from './page-skeleton'
import { useRecordsSection } from './records'
import { RemoveCustomer } from './remove'

/** A customer: who they are, all they had to do with the desk, and what colleagues noted. */
export function CustomerPage({ id }: { id: number }) {
  const { data: customer, error, refetch } = useQuery(customerQuery(id))
  if (error && !customer)
    return (
      <PageFailed
        error={error}
        retry={refetch}
        missing={{
          title: t.noSuchCustomer,
          text: t.noSuchText,
          way: (
            <Link to="/customers" className={WAY_ON}>
              {t.toPeople}
            </Link>
          ),
        }}
      />
    )
  if (!customer) return <PageSkeleton />
  return <Page customer={customer} />
}

function Page({ customer }: { customer: Customer }) {
  const { id } = customer
  const about = { kind: 'customer' as const, id }
  const { data: me } = useQuery(meQuery)
  const { data: notes } = useQuery(notesQuery(about))
  const records = useRecordsSection(about, customer.organization)
  const change = useChangeCustomer(id)
  const [merging, setMerging] = useState(false)
  useEffect(() => {
    if (customer.role === 'customer' && customer.active) remember('customers', String(id))
  }, [id, customer.role, customer.active])
  const isCustomer = customer.role === 'customer'
  const fixed = !customer.active || (!isCustomer && me?.role !== 'admin')
  const writeFor = () => newTicketFor({ name: customer.name, email: customer.email ?? '' })
  useCommands(
    isCustomer && customer.active
      ? [
          { keys: 'c', label: t.newTicketFor, group: 'Actions', icon: <Plus size={16} />, run: writeFor },
          { keys: 'M', label: t.merge, group: 'Actions', icon: <Merge size={16} />, run: () => setMerging(true) },
        ]
      : [],
  )
  return (
    <>
      <AboutPage
        editable={!fixed}
        about={about}
        name={customer.name}
        list={{ to: '/customers', label: t.people }}
        face={<Avatar name={customer.name} size={48} />}
        title={
          <InlineField
            label={t.name}
            kept={`customer:${id}:name`}
            of={customer}
            value={customer.name}
            disabled={fixed}
            onSave={(name, seen) => change.mutateAsync({ change: { name }, seen })}
          />
        }
        line={
          <>
            <span className="leading-6">{isCustomer ? t.customer : t.staff(customer.role)}</span>
            {!customer.active && <span className="font-medium text-ink">{t.inactive}</span>}
            {customer.organization && (
              <Link
                to="/organizations/$id"
                params={{ id: String(customer.organization.id) }}
                className="inline-flex min-h-6 items-center font-medium text-ink hover:underline"
                dir="auto"
              >
                {customer.organization.name}
              </Link>
            )}
          </>
        }
        acts={
          isCustomer &&
          customer.active && (
            <div className="flex flex-wrap gap-2">
              <RemoveCustomer customer={customer} />
              <Button variant="chip" className="max-md:h-11" onClick={() => setMerging(true)}>
                <Merge size={14} aria-hidden /> {t.merge}
              </Button>
              <Button variant="primary" className="max-md:h-11" onClick={writeFor}>
                <Plus size={15} aria-hidden /> {t.newTicket}
              </Button>
            </div>
          )
        }
        sections={records}
        noteCount={notes?.items.length ? String(notes.items.length) : undefined}
        details={
          <>
            <Contact customer={customer} disabled={fixed} />
            {isCustomer && <OrganizationCard customer={customer} disabled={fixed} />}
            <Fields
              kept={`customer:${id}`}
              of={customer}
              disabled={fixed}
              save={(custom, seen) => change.mutateAsync({ change: { custom }, seen })}
            />
          </>
        }
      >
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
      </AboutPage>
      <MergeDialog customer={customer} open={merging} onClose={() => setMerging(false)} />
    </>
  )
}
