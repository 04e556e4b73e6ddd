import clsx from 'clsx'
import { PinnedNote } from '@/desk/pinned-note'
import { keepClear } from '@/lib/keep-clear'
import type { Person } from '@/realtime/socket'
import { ClosedNotice } from '../closed-notice'
import { Composer, type Kind } from '../composer/composer'
import { useOpenTicket } from '../ticket-context'
import { PresenceLine } from '../timeline/presence-line'

interface Props {
  /** On a phone one writes on a page of its own, which the acts open. */
  phone: boolean
  writing: boolean
  others: Person[]
  kind: Kind
  focus: number
  onKind: (kind: Kind) => void
  onClose: () => void
  onFollowUp: () => void
  onWriting: (typing: boolean) => void
}

/** Below the conversation: who else writes, and the composer. */
export function ComposerPlace({ phone, writing, others, kind, focus, onKind, onClose, onFollowUp, onWriting }: Props) {
  const { ticket } = useOpenTicket()
  return (
    <>
      <div className="shrink-0 px-5 max-md:px-3">
        <PresenceLine others={others} />
      </div>
      <div className="mx-auto w-full max-w-[800px] shrink-0 space-y-1 px-5 pb-1.5 empty:hidden max-md:px-3">
        <PinnedNote user={ticket.requester.id} organization={ticket.organization?.id} />
      </div>
      <div ref={keepClear} data-composer className={clsx('shrink-0', phone ? 'px-3' : 'px-5 pb-3')}>
        {ticket.status_category === 'closed' ? (
          // A closed ticket takes no answer.
          <ClosedNotice ticket={ticket.id} onFollowUp={onFollowUp} />
        ) : (
          <Composer
            ticket={ticket}
            kind={kind}
            focus={focus}
            phone={phone}
            opened={writing}
            onKind={onKind}
            onClose={onClose}
            onWriting={onWriting}
          />
        )}
      </div>
    </>
  )
}
