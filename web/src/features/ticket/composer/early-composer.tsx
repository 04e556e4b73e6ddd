import { EarlyText } from './early-text'
import { t } from './messages'
import type { Kind } from './outgoing'

/** Takes what is typed while the ticket is still on its way. */
export const EarlyComposer = ({ ticket, kind }: { ticket: number; kind: Kind }) => (
  <section aria-label={t.write} className="m-3 rounded-xl border border-check bg-raised p-2.5">
    <EarlyText ticket={ticket} kind={kind} label={kind === 'note' ? t.note : t.reply} placeholder="" focus={1} />
  </section>
)
