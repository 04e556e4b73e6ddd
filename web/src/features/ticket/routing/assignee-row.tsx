import { ChevronDown, ChevronUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import type { Ticket } from '@/desk/tickets'
import { AssignmentHistory } from './assignment-history'
import { t } from './messages'
import { RoutingCard } from './routing-card'

/** Who has the ticket, and on request why: the card opens below. */
export function AssigneeRow({
  ticket,
  why: { open, asked, toggle },
}: {
  ticket: Ticket
  /** `asked` counts how often it was asked for elsewhere. */
  why: { open: boolean; asked: number; toggle: (open: boolean) => void }
}) {
  const card = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!asked || !open) return
    card.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
    button.current?.focus({ preventScroll: true })
  }, [asked, open])
  const Arrow = open ? ChevronUp : ChevronDown
  return (
    <div id="why-row">
      <div className="grid grid-cols-[96px_minmax(0,1fr)] items-center">
        <span className="text-dim">{t.assignee}</span>
        <span className="flex min-w-0 items-center gap-2 ps-1.5">
          <Avatar name={ticket.assignee?.name} size={20} />
          <span dir="auto" className="min-w-0 flex-1 truncate">
            {ticket.assignee?.name ?? <span className="text-dim">{t.nobody}</span>}
          </span>
          <button
            ref={button}
            type="button"
            aria-expanded={open}
            aria-label={t.whyLabel}
            title={`${t.whyLabel} (W)`}
            className="flex h-6 items-center gap-1 rounded bg-accent-soft px-1.5 text-[12px] font-medium text-accent hover:brightness-95"
            onClick={() => toggle(!open)}
          >
            {t.why} <Arrow size={13} aria-hidden />
          </button>
        </span>
      </div>
      {open && (
        <section
          ref={card}
          aria-label={t.title}
          className="mt-1.5 scroll-m-4 rounded-lg border border-line bg-raised p-2.5 shadow-sm"
        >
          <WhyContent ticket={ticket} />
        </section>
      )}
    </div>
  )
}

/** The reasons, and below them who has had the ticket before. */
export function WhyContent({ ticket }: { ticket: Ticket }) {
  const [history, setHistory] = useState(false)
  return (
    <div className="space-y-3">
      <RoutingCard ticket={ticket} />
      <details onToggle={(event) => setHistory(event.currentTarget.open)}>
        <summary className="flex h-6 cursor-pointer items-center rounded text-[12px] text-dim hover:text-ink max-md:h-11">
          {t.history}
        </summary>
        <div className="pt-1.5">{history && <AssignmentHistory ticket={ticket.id} />}</div>
      </details>
    </div>
  )
}
