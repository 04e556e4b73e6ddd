import { ChevronDown, ChevronUp } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Avatar } from '@/components/ui/avatar'
import type { Ticket } from '@/desk/tickets'
import { AssignmentHistory } from './assignment-history'
import { t } from './messages'
import { RoutingCard } from './routing-card'

/** Who has the ticket, and on request why: the card opens below. `asked` counts how often it was asked for elsewhere. */
export function AssigneeRow({
  ticket,
  open,
  onOpen,
  asked,
}: {
  ticket: Ticket
  open: boolean
  onOpen: (open: boolean) => void
  asked: number
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
    <div>
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
            onClick={() => onOpen(!open)}
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
export const WhyContent = ({ ticket }: { ticket: Ticket }) => (
  <div className="space-y-3">
    <RoutingCard ticket={ticket} />
    <details>
      <summary className="flex h-6 cursor-pointer items-center rounded text-[12px] text-dim hover:text-ink">
        {t.history}
      </summary>
      <div className="pt-1.5">
        <AssignmentHistory ticket={ticket.id} />
      </div>
    </details>
  </div>
)
