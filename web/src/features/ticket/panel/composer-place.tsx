import clsx from 'clsx'
import { ArrowLeft } from 'lucide-react'
import { useEffect } from 'react'
import type { Person } from '@/realtime/socket'
import { ClosedNotice } from '../closed-notice'
import { Composer, type Kind } from '../composer/composer'
import { useOpenTicket } from '../ticket-context'
import { PresenceLine } from '../timeline/presence-line'
import { ICON_BUTTON } from './icon-button'
import { t } from './messages'

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
  // A closed ticket takes no answer.
  const closed = ticket.status_category === 'closed'
  const over = phone && writing && !closed
  useEffect(() => {
    if (!over) return
    const close = (event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && onClose()
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [over, onClose])
  return (
    <>
      <div className={clsx('shrink-0 px-5 max-md:px-3', over && 'hidden')}>
        <PresenceLine others={others} />
      </div>
      {(!phone || writing || closed) && (
        <div
          className={
            over ? 'fixed inset-0 z-30 flex h-dvh flex-col overflow-y-auto bg-canvas px-2 pb-2' : 'shrink-0 px-5 pb-3'
          }
        >
          {over && (
            <div className="flex h-14 shrink-0 items-center gap-2">
              <button type="button" className={ICON_BUTTON} onClick={onClose} aria-label={t.closeComposer}>
                <ArrowLeft size={18} className="rtl:-scale-x-100" />
              </button>
              <span dir="auto" className="min-w-0 flex-1 truncate font-semibold">
                {ticket.subject}
              </span>
            </div>
          )}
          {over && <span className="flex-1" />}
          {closed ? (
            <ClosedNotice ticket={ticket.id} onFollowUp={onFollowUp} />
          ) : (
            <Composer ticket={ticket} kind={kind} focus={focus} onKind={onKind} onWriting={onWriting} />
          )}
        </div>
      )}
    </>
  )
}
