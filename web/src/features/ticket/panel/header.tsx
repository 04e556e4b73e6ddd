import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { ArrowLeft, ArrowUpRight, ChevronDown, ChevronUp, Eye, PanelRight, X } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import type { Neighbours } from '@/desk/queue-position'
import { setSubject } from '@/desk/ticket-changes'
import type { Person } from '@/realtime/socket'
import { useOpenMenu, useOpenTicket } from '../ticket-context'
import { TicketControls } from './controls'
import { ICON_BUTTON } from './icon-button'
import { t } from './messages'
import { SubjectField } from './subject-field'
import { TicketMenu } from './ticket-menu'

interface Props {
  others: Person[]
  /** Chooses what the conversation shows. */
  filter: ReactNode
  /** A page of its own, or a preview beside a queue. */
  page:
    | {
        back: () => void
        neighbours: Neighbours | undefined
        next: () => void
        previous: () => void
        /** Undefined where the details stand beside the ticket. */
        showDetails: (() => void) | undefined
      }
    | undefined
  onClose: (() => void) | undefined
}

/** Where the ticket stands, what it is about, and its state. On a phone the bar stays while the rest scrolls away. */
export function TicketHeader({ others, filter, page, onClose }: Props) {
  const { ticket, apply, refusals } = useOpenTicket()
  const subject = useOpenMenu('subject')
  const title = useRef<HTMLDivElement>(null)
  const isGone = useIsAbove(title)
  return (
    <>
      <div
        className={clsx(
          'z-20 flex shrink-0 items-center gap-2 bg-canvas px-4 pt-2.5 text-[12px] text-dim one-scroll:sticky one-scroll:top-0 max-md:h-14 max-md:gap-1 max-md:px-1 max-md:pt-0 max-md:text-[14px]',
          isGone && 'one-scroll:border-b one-scroll:border-line',
        )}
      >
        {page && (
          <button type="button" className={ICON_BUTTON} onClick={page.back} aria-label={t.back}>
            <ArrowLeft size={16} className="rtl:-scale-x-100" />
          </button>
        )}
        {isGone ? (
          <span dir="auto" className="min-w-0 flex-1 truncate font-semibold text-ink md:high-window:hidden" aria-hidden>
            {ticket.subject}
          </span>
        ) : null}
        <span className={clsx('flex min-w-0 items-center gap-2 truncate', isGone && 'one-scroll:hidden')}>
          #{ticket.id}
          {ticket.team && (
            <span className="flex min-w-0 items-center gap-1.5 max-[360px]:hidden">
              <span className="size-2 shrink-0 rounded-[2px]" style={{ background: ticket.team.color }} aria-hidden />
              <span dir="auto" className="truncate">
                {ticket.team.name}
              </span>
            </span>
          )}
          <span className="truncate max-md:hidden">{t.via(t.channels[ticket.channel] ?? ticket.channel)}</span>
        </span>
        <span className={clsx('flex-1', isGone && 'one-scroll:hidden')} />
        {others.length > 0 && (
          <span className="flex items-center gap-1 max-md:hidden">
            <Eye size={14} aria-hidden />
            <span className="flex -space-x-1.5 rtl:space-x-reverse">
              {others.map((person) => (
                <Avatar key={person.id} name={person.name} />
              ))}
            </span>
          </span>
        )}
        {filter}
        {page?.neighbours && <Place {...page} neighbours={page.neighbours} />}
        {page?.showDetails && (
          <button
            type="button"
            className={clsx(ICON_BUTTON, 'max-md:hidden')}
            onClick={page.showDetails}
            aria-label={t.showDetails}
            title={`${t.details} (D)`}
          >
            <PanelRight size={16} className="rtl:-scale-x-100" />
          </button>
        )}
        {onClose && (
          <Link to="/tickets/$id" params={{ id: String(ticket.id) }} className={ICON_BUTTON} aria-label={t.openTicket}>
            <ArrowUpRight size={16} className="rtl:-scale-x-100" />
          </Link>
        )}
        <TicketMenu />
        {onClose && (
          <button type="button" className={ICON_BUTTON} onClick={onClose} aria-label={t.closePreview}>
            <X size={16} />
          </button>
        )}
      </div>
      <header className="shrink-0 border-b border-line px-4 pb-2">
        <div ref={title}>
          <SubjectField
            subject={ticket.subject}
            small={!page}
            asked={subject.open}
            onAsked={() => subject.onOpenChange(false)}
            refusal={refusals.subject}
            seen={ticket}
            save={(subject, seen) => void apply(setSubject(subject), seen)}
          />
        </div>
        <TicketControls page={Boolean(page)} />
      </header>
    </>
  )
}

/** "3 of 214", and the tickets before and after. */
function Place({
  neighbours,
  next,
  previous,
}: {
  neighbours: Neighbours
  next: () => void
  previous: () => void
}): ReactNode {
  return (
    <span className="flex shrink-0 items-center">
      <span className="me-1 whitespace-nowrap max-[400px]:hidden">
        {t.place(neighbours.place, neighbours.total, neighbours.more)}
      </span>
      <button
        type="button"
        className={ICON_BUTTON}
        onClick={previous}
        disabled={neighbours.previous === undefined}
        aria-label={t.previous}
        title={`${t.previous} (K)`}
      >
        <ChevronUp size={16} />
      </button>
      <button
        type="button"
        className={ICON_BUTTON}
        onClick={next}
        disabled={!neighbours.goesOn}
        aria-label={t.next}
        title={`${t.next} (J)`}
      >
        <ChevronDown size={16} />
      </button>
    </span>
  )
}

/** Whether an element has been scrolled out of its page at the top. */
function useIsAbove(element: RefObject<HTMLElement | null>) {
  const [above, setAbove] = useState(false)
  useEffect(() => {
    const target = element.current
    if (!target) return
    const observer = new IntersectionObserver(([entry]) => {
      if (entry) setAbove(!entry.isIntersecting && entry.boundingClientRect.top < (entry.rootBounds?.height ?? 0) / 2)
    })
    observer.observe(target)
    return () => observer.disconnect()
  }, [element])
  return above
}
