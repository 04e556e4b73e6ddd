import { Link } from '@tanstack/react-router'
import { Building2, ChevronRight, Clock, Copy, Languages, Mail, Phone } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { InlineField } from '@/components/ui/inline-field'
import { toast } from '@/components/ui/toast'
import { useChangeCustomer } from '@/desk/change-customers'
import type { Customer } from '@/desk/customers'
import { tellRefusal } from '@/desk/offered-act'
import { timesIn, useNow } from '@/desk/times'
import { ApiProblem } from '@/lib/api/client'
import { languageName } from '@/lib/locale'
import { t } from './messages'
import { OrganizationPicker } from './organization-picker'

/** The message of the value itself, where the API has one. */
const said = (error: unknown): never => {
  const message = error instanceof ApiProblem ? error.problems[0]?.message : undefined
  throw message ? new Error(message) : error
}

/** How a customer is reached, and the organization they belong to; each edited where it stands. */
export function Contact({ customer, disabled }: { customer: Customer; disabled: boolean }) {
  const change = useChangeCustomer(customer.id)
  const now = useNow()
  const save = (key: 'email' | 'phone' | 'locale' | 'time_zone') => (text: string, seen: Customer | undefined) =>
    change.mutateAsync({ change: { [key]: text || null }, seen }).catch(said)
  const kept = (key: string) => `customer:${customer.id}:${key}`
  const row = (icon: ReactNode, label: string, field: ReactNode, after?: ReactNode) => (
    <div className="flex items-start gap-2">
      <dt className="grid h-6 w-4 shrink-0 place-items-center text-dim max-md:h-10" title={label}>
        {icon}
        <span className="sr-only">{label}</span>
      </dt>
      <dd className="flex min-w-0 flex-1 items-start gap-1">
        <div className="min-w-0 flex-1">{field}</div>
        {after}
      </dd>
    </div>
  )
  return (
    <section aria-label={t.contact}>
      <h2 className="pb-1 font-semibold">{t.contact}</h2>
      <dl className="space-y-px">
        {row(
          <Mail size={14} aria-hidden />,
          t.email,
          <InlineField
            label={t.email}
            kept={kept('email')}
            of={customer}
            type="email"
            value={customer.email ?? ''}
            disabled={disabled}
            onSave={save('email')}
          />,
          customer.email && (
            <button
              type="button"
              aria-label={t.copy(customer.email)}
              title={t.copy(customer.email)}
              className="grid size-6 shrink-0 place-items-center rounded text-dim hover:bg-hover max-md:size-11"
              onClick={() => {
                void navigator.clipboard.writeText(customer.email ?? '').then(() => toast(t.copied))
              }}
            >
              <Copy size={13} />
            </button>
          ),
        )}
        {row(
          <Phone size={14} aria-hidden />,
          t.phone,
          <InlineField
            label={t.phone}
            kept={kept('phone')}
            of={customer}
            type="tel"
            value={customer.phone ?? ''}
            disabled={disabled}
            onSave={save('phone')}
          />,
        )}
        {row(
          <Languages size={14} aria-hidden />,
          t.language,
          <InlineField
            label={t.language}
            kept={kept('locale')}
            of={customer}
            value={customer.locale}
            disabled={disabled}
            onSave={save('locale')}
          >
            {customer.locale && languageName(customer.locale)}
          </InlineField>,
        )}
        {row(
          <Clock size={14} aria-hidden />,
          t.timeZone,
          <InlineField
            label={t.timeZone}
            kept={kept('time_zone')}
            of={customer}
            value={customer.time_zone}
            disabled={disabled}
            onSave={save('time_zone')}
          >
            {customer.time_zone} {/* What the desk keeps while nobody has said where they are. */}
            {customer.time_zone !== 'UTC' && (
              <span className="text-dim">
                {t.timeThere(timesIn(customer.time_zone).clock(new Date(now).toISOString()))}
              </span>
            )}
          </InlineField>,
        )}
      </dl>
    </section>
  )
}

/** The organization as a card that leads to it, or the box that chooses one. */
export function OrganizationCard({ customer, disabled }: { customer: Customer; disabled: boolean }) {
  const change = useChangeCustomer(customer.id)
  const [choosing, setChoosing] = useState(false)
  const { organization } = customer
  const choose = (next: Customer['organization']): void =>
    change.mutate(
      { change: { organization_id: next?.id ?? null }, shown: { organization: next } },
      { onError: (error) => tellRefusal(t.chooseOrganization, error, () => choose(next)) },
    )
  return (
    <section aria-label={t.organization}>
      <header className="flex h-8 items-center justify-between">
        <h2 className="font-semibold">{t.organization}</h2>
        {!disabled && (
          <Button
            className="-me-2 text-dim max-md:h-11"
            aria-expanded={choosing}
            onClick={() => setChoosing(!choosing)}
          >
            {choosing ? t.cancel : organization ? t.edit : t.add}
          </Button>
        )}
      </header>
      {choosing ? (
        <OrganizationPicker
          label={t.chooseOrganization}
          value={organization ?? null}
          autoFocus
          onChange={(next) => {
            choose(next)
            if (next) setChoosing(false)
          }}
        />
      ) : organization ? (
        <Link
          to="/organizations/$id"
          params={{ id: String(organization.id) }}
          className="flex min-h-11 items-center gap-2.5 rounded-lg border border-line bg-raised px-2.5 py-1.5 hover:bg-hover"
        >
          <span className="grid size-7 shrink-0 place-items-center rounded-md bg-hover text-dim">
            <Building2 size={15} aria-hidden />
          </span>
          <span className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]" dir="auto">
            {organization.name}
          </span>
          <ChevronRight size={15} className="shrink-0 text-dim rtl:rotate-180" aria-hidden />
        </Link>
      ) : (
        <p className="text-dim">{t.noOrganization}</p>
      )}
    </section>
  )
}
