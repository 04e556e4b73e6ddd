import { NoSuchTicket } from './panel/states'
import { TicketPanel } from './ticket-panel'

/** A ticket on a page of its own, by what its address says. Keyed: nothing of one ticket may reach the next. */
export const TicketPage = ({ id, onBack }: { id: string; onBack: () => void }) =>
  /^[1-9]\d{0,14}$/.test(id) ? (
    <TicketPanel key={id} id={Number(id)} page={{ back: onBack }} />
  ) : (
    <NoSuchTicket asked={id} />
  )

/** A ticket beside the queue, keyed as well. */
export const TicketPreview = ({ id, onClose }: { id: number; onClose: () => void }) => (
  <TicketPanel key={id} id={id} onClose={onClose} />
)
