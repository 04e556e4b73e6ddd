import { Details } from './details'
import { TicketPanel } from './ticket-panel'

/** A ticket on a page of its own. Keyed: a draft, a conflict or an error of one ticket must never reach the next. */
export const TicketPage = ({ id, onBack }: { id: number; onBack: () => void }) => (
  <TicketPanel
    key={id}
    id={id}
    onBack={onBack}
    beside={(ticket, apply, error) => <Details ticket={ticket} apply={apply} error={error} />}
  />
)

/** A ticket beside the queue, keyed as well. */
export const TicketPreview = ({ id, onClose }: { id: number; onClose: () => void }) => (
  <TicketPanel key={id} id={id} onClose={onClose} />
)
