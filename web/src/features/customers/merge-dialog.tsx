import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowDown, ArrowUpDown, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { Finder } from '@/components/picker/finder'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { type Customer, historyQuery } from '@/desk/customers'
import { mergeCustomers } from '@/desk/merge-customers'
import { peopleFoundQuery } from '@/desk/search/queries'
import { useDebounced } from '@/lib/use-debounced'
import { t } from './messages'

/** Makes two entries of one person into one: choose the other, see what will happen, then confirm it. */
export const MergeDialog = ({
  customer,
  open,
  onClose,
}: {
  customer: Customer
  open: boolean
  onClose: () => void
}) => (
  <Modal open={open} onClose={onClose} title={t.mergeTitle(customer.name)}>
    <Steps customer={customer} onClose={onClose} />
  </Modal>
)

/** What the other entry of the same person is probably found by. */
const familyName = (name: string) => name.trim().split(/\s+/).at(-1) ?? name

const named = ({ id, name }: Customer) => ({ id, name })

function Steps({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [other, setOther] = useState<Customer | null>(null)
  const [swapped, setSwapped] = useState(false)
  const [asked, setAsked] = useState(false)
  const [text, setText] = useState('')
  const rested = useDebounced(text, 100)
  const found = useQuery(peopleFoundQuery(rested || familyName(customer.name), 8))
  const [from, into] = swapped ? [other, customer] : [customer, other]
  const merge = () => {
    if (!from || !into) return
    void mergeCustomers(client, { from: named(from), into: named(into) })
    onClose()
    void navigate({ to: '/customers/$id', params: { id: String(into.id) }, replace: true })
  }
  if (!other || !from || !into)
    return (
      <>
        <p className="mb-2">{t.mergeWith}</p>
        <Finder
          inline
          autoFocus
          label={t.find}
          items={(found.data?.items ?? []).filter(({ id }) => id !== customer.id)}
          onFind={setText}
          onChoose={setOther}
          render={(person) => (
            <>
              <Avatar name={person.name} size={26} />
              <span className="min-w-0">
                <span className="block truncate" dir="auto">
                  {person.name}
                </span>
                <span className="block truncate text-[12px] leading-4 text-dim">
                  {[person.email, person.organization?.name].filter(Boolean).join(' · ')}
                </span>
              </span>
            </>
          )}
        />
        {found.data?.items.filter(({ id }) => id !== customer.id).length === 0 && (
          <p className="py-3 text-dim">{t.noPeople}</p>
        )}
      </>
    )
  return (
    <div className="space-y-4">
      <div className="space-y-1.5">
        <Side label={t.mergeGoes} customer={from} goes />
        <div className="flex items-center justify-center gap-2 text-dim">
          <ArrowDown size={16} aria-hidden />
          {!asked && (
            <Button variant="chip" className="max-md:h-11" onClick={() => setSwapped(!swapped)}>
              <ArrowUpDown size={14} aria-hidden /> {t.mergeSwap}
            </Button>
          )}
        </div>
        <Side label={t.mergeStays} customer={into} />
      </div>
      <Preview from={from} into={into} />
      {asked && (
        <p role="alert" className="font-semibold [overflow-wrap:anywhere]">
          {t.mergeAsk(from.name, into.name)} {t.mergeForGood}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button className="max-md:h-11" onClick={() => (asked ? setAsked(false) : setOther(null))}>
          {t.back}
        </Button>
        {asked ? (
          <Button key="merge" variant="primary" className="max-md:h-11" onClick={merge}>
            {t.mergeNow}
          </Button>
        ) : (
          <Button key="continue" variant="primary" className="max-md:h-11" onClick={() => setAsked(true)}>
            {t.mergeContinue}
          </Button>
        )}
      </div>
    </div>
  )
}

const useTickets = (id: number) => {
  const { data } = useInfiniteQuery(historyQuery({ kind: 'customer', id }))
  const counts = Object.entries(data?.pages[0]?.tickets ?? {})
  const sum = (some: typeof counts) => some.reduce((all, [, count]) => all + Number(count), 0)
  return { all: sum(counts), open: sum(counts.filter(([category]) => !['solved', 'closed'].includes(category))) }
}

function Side({ label, customer, goes = false }: { label: string; customer: Customer; goes?: boolean }) {
  const { all, open } = useTickets(customer.id)
  return (
    <section aria-label={label} className="flex items-center gap-3 rounded-lg border border-line bg-panel px-3 py-2">
      <Avatar name={customer.name} size={32} />
      <div className="min-w-0 flex-1">
        <p className="font-medium [overflow-wrap:anywhere]" dir="auto">
          {goes ? <s className="decoration-dim">{customer.name}</s> : customer.name}
        </p>
        <p className="text-dim [overflow-wrap:anywhere]">
          {[customer.email, customer.organization?.name, t.ticketsOf(all), t.openOf(open)].filter(Boolean).join(' · ')}
        </p>
      </div>
      <span className="text-[12px] font-medium text-dim">{label}</span>
    </section>
  )
}

function Preview({ from, into }: { from: Customer; into: Customer }) {
  const { all } = useTickets(from.id)
  return (
    <section aria-label={t.mergeWhat}>
      <h3 className="pb-1 font-semibold">{t.mergeWhat}</h3>
      <ul className="list-disc space-y-1 ps-5 [overflow-wrap:anywhere]">
        <li>{t.mergeTickets(from.name, into.name, all)}</li>
        <li>{t.mergeNotes(from.name, into.name)}</li>
        {from.email && <li>{t.mergeAddress(from.email, into.name)}</li>}
        <li>{t.mergeGone(from.name)}</li>
      </ul>
      <p className="mt-2 flex items-center gap-2 font-medium text-danger">
        <TriangleAlert size={15} aria-hidden /> {t.mergeForGood}
      </p>
    </section>
  )
}
