import { ChevronDown, ChevronUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Ticket } from '@/desk/tickets'
import { useOpenTicket } from '../ticket-context'
import { AssignmentHistory } from './assignment-history'
import { t } from './messages'
import { RoutingCard } from './routing-card'

/** Opens the card below the assignee. */
export function WhyButton() {
  const { why } = useOpenTicket()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (why.asked) button.current?.focus({ preventScroll: true })
  }, [why.asked])
  const Arrow = why.open ? ChevronUp : ChevronDown
  return (
    <button
      id="why"
      ref={button}
      type="button"
      aria-expanded={why.open}
      aria-label={t.whyLabel}
      title={`${t.whyLabel} (W)`}
      className="flex h-6 shrink-0 items-center gap-1 rounded bg-accent-soft px-1.5 text-[12px] font-medium text-accent hover:brightness-95 max-md:h-11 max-md:px-3"
      onClick={() => why.toggle(!why.open)}
    >
      {t.why} <Arrow size={13} aria-hidden />
    </button>
  )
}

/** Why routing chose this person, as long as it is open. */
export function WhyCard() {
  const { ticket, why } = useOpenTicket()
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    if (why.asked) card.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [why.asked])
  if (!why.open) return null
  return (
    // Among the properties of the ticket, as one of them.
    <div>
      <dt className="sr-only">{t.title}</dt>
      <dd>
        <section
          ref={card}
          aria-label={t.title}
          className="my-1.5 scroll-m-4 rounded-lg border border-line bg-raised p-2.5 shadow-sm"
        >
          <WhyContent ticket={ticket} />
        </section>
      </dd>
    </div>
  )
}

/** The reasons, and below them who has had the ticket before. */
export function WhyContent({ ticket }: { ticket: Ticket }) {
  const [history, setHistory] = useState(false)
  return (
    <div className="space-y-3">
      <RoutingCard ticket={ticket} />
      <details className="group" onToggle={(event) => setHistory(event.currentTarget.open)}>
        <summary className="flex h-6 cursor-pointer items-center gap-1 rounded text-[12px] text-dim hover:text-ink max-md:h-11">
          <ChevronDown size={13} aria-hidden className="-rotate-90 group-open:rotate-0 rtl:rotate-90" /> {t.history}
        </summary>
        <div className="pt-1.5">{history && <AssignmentHistory ticket={ticket.id} />}</div>
      </details>
    </div>
  )
}
