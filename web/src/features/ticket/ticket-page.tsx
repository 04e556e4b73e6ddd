import { Details } from './details'
import { TicketPanel } from './ticket-panel'

/** Keyed: a draft, a conflict or an error of one ticket must never reach the next. */
export const TicketPage = ({ id }: { id: number }) => (
  <TicketPanel
    key={id}
    id={id}
    beside={(ticket, change, problem) => <Details ticket={ticket} change={change} problem={problem} />}
  />
)
