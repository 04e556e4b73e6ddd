import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import type { Ticket } from '@/desk/tickets'
import { AssignmentHistory } from './assignment-history'
import { t } from './messages'
import { RoutingCard } from './routing-card'

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
