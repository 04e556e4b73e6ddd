import clsx from 'clsx'
import { ArrowLeft, Eye } from 'lucide-react'
import { useEffect } from 'react'
import type { Person } from '@/realtime/socket'
import { Composer, type Kind } from '../composer/composer'
import { useOpenTicket } from '../ticket-context'
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
  onWriting: (typing: boolean) => void
}

/** Below the conversation: who else writes, and the composer. */
export function ComposerPlace({ phone, writing, others, kind, focus, onKind, onClose, onWriting }: Props) {
  const { ticket } = useOpenTicket()
  const over = phone && writing
  useEffect(() => {
    if (!over) return
    const close = (event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && onClose()
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [over, onClose])
  return (
    <>
      <div role="status" className={clsx('mx-auto w-full max-w-[780px] px-5 text-[12px] text-dim', over && 'hidden')}>
        {others.map((person) => (
          <Activity key={person.id} person={person} />
        ))}
      </div>
      {(!phone || writing) && (
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
          <Composer ticket={ticket} kind={kind} focus={focus} onKind={onKind} onWriting={onWriting} />
        </div>
      )}
    </>
  )
}

function Activity({ person: { name, state } }: { person: Person }) {
  if (state === 'writing_reply') return <p className="py-1">{t.writingReply(name)}</p>
  if (state === 'writing_note') return <p className="py-1">{t.writingNote(name)}</p>
  // By mouse the header shows who looks.
  return (
    <p className="flex items-center gap-1.5 py-1 md:hidden">
      <Eye size={14} aria-hidden /> {t.looking(name)}
    </p>
  )
}
