import { useQuery } from '@tanstack/react-query'
import { usePageTitle } from '@/desk/page'
import { ticketQuery } from '@/desk/tickets'
import { Details } from './details'
import { LinksSection } from './links/links-section'
import { AssigneeRow } from './routing/assignee-row'
import { TicketPanel } from './ticket-panel'

/** A ticket on a page of its own. Keyed: a draft, a conflict or an error of one ticket must never reach the next. */
export function TicketPage({ id, onBack }: { id: number; onBack: () => void }) {
  const { data: ticket } = useQuery(ticketQuery(id))
  usePageTitle(ticket && `#${ticket.id} ${ticket.subject}`)
  return (
    <TicketPanel
      key={id}
      id={id}
      onBack={onBack}
      beside={(ticket, apply, error, acts) => (
        <Details
          ticket={ticket}
          apply={apply}
          error={error}
          assignee={<AssigneeRow ticket={ticket} why={acts.why} />}
          links={<LinksSection ticket={ticket.id} onAdd={acts.link} />}
        />
      )}
    />
  )
}

/** A ticket beside the queue, keyed as well. */
export const TicketPreview = ({ id, onClose }: { id: number; onClose: () => void }) => (
  <TicketPanel key={id} id={id} onClose={onClose} />
)
