import { useInfiniteQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ChevronDown, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { timelineQuery } from '@/desk/timeline'
import { useTimes } from '@/desk/times'
import { useBackCloses } from '@/lib/overlays'
import { t } from './messages'
import { useVisualViewport } from './use-visual-viewport'

/** The last message, folded to a line, so that one sees what one answers. */
function LastMessage({ ticket }: { ticket: number }) {
  const { data: timeline } = useInfiniteQuery(timelineQuery(ticket))
  const { clock } = useTimes()
  const [open, setOpen] = useState(false)
  const last = timeline?.findLast((item) => item.kind === 'message' && item.message_kind !== 'system')
  if (last?.kind !== 'message') return null
  const name = last.author?.name ?? ''
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-label={t.lastMessage(name)}
      className="flex min-h-11 w-full shrink-0 items-start gap-2.5 border-b border-line bg-panel px-4 py-2.5 text-start"
      onClick={() => setOpen(!open)}
    >
      <Avatar name={name} size={22} />
      <span dir="auto" className={clsx('min-w-0 flex-1 text-dim', open ? 'max-h-[30vh] overflow-auto' : 'truncate')}>
        {last.body_text}
      </span>
      <span className="shrink-0 text-dim">{clock(last.at)}</span>
      <ChevronDown size={16} className={clsx('mt-0.5 shrink-0', open && 'rotate-180')} aria-hidden />
    </button>
  )
}

/** Writing on a phone takes the whole page above the keyboard. */
export function PhoneFrame({
  ticket,
  note,
  tabs,
  saved,
  recipients,
  onSendKey,
  onClose,
  children,
}: {
  ticket: number
  note: boolean
  tabs: ReactNode
  saved: ReactNode
  recipients: ReactNode
  onSendKey: (event: KeyboardEvent) => void
  onClose: () => void
  children: ReactNode
}) {
  const { top, height } = useVisualViewport()
  useBackCloses(true, onClose)
  return (
    <section
      role="dialog"
      aria-modal="true"
      aria-label={t.write}
      className={clsx(
        'fixed inset-x-0 z-40 flex flex-col [&_.message]:text-[16px] [&_.message]:leading-6',
        note ? 'bg-note' : 'bg-canvas',
      )}
      style={{ top, height }}
      onKeyDownCapture={onSendKey}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}
    >
      <div className="flex h-13 shrink-0 items-center gap-2 border-b border-line px-2">
        <button
          type="button"
          aria-label={t.close}
          className="grid size-11 shrink-0 place-items-center"
          onClick={onClose}
        >
          <X size={20} />
        </button>
        {tabs}
        <span className="flex-1" />
        <span className="pe-2">{saved}</span>
      </div>
      {recipients && <div className="shrink-0 border-b border-line px-4 py-1 text-[14px]">{recipients}</div>}
      <LastMessage ticket={ticket} />
      <div className="relative flex min-h-0 flex-1 flex-col [container-type:size]">{children}</div>
    </section>
  )
}
