import { Modal } from '@/components/ui/modal'
import type { Ticket } from '@/desk/tickets'
import { WhyContent } from './why-content'

/** Why routing chose this person, where the details of the ticket are not in sight. */
export const WhyDialog = ({ ticket, title, onClose }: { ticket: Ticket; title: string; onClose: () => void }) => (
  <Modal open onClose={onClose} title={title}>
    <WhyContent ticket={ticket} />
  </Modal>
)
