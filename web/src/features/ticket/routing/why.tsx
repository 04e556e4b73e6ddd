import { ChevronDown, ChevronUp } from 'lucide-react'
import { Suspense, useEffect, useRef } from 'react'
import { lazyPart } from '@/lib/lazy-part'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'

const WhyContent = lazyPart(() => import('./why-content').then((part) => ({ default: part.WhyContent })))

/** Opens the card below the assignee. */
export function WhyButton() {
  const { why } = useOpenTicket()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (why.asked) button.current?.focus({ preventScroll: true })
  }, [why.asked])
  const Arrow = why.open ? ChevronUp : ChevronDown
  return (
    <button
      ref={button}
      type="button"
      aria-expanded={why.open}
      aria-label={t.whyLabel}
      title={`${t.whyLabel} (W)`}
      className="flex h-6 shrink-0 items-center gap-1 rounded bg-accent-soft px-1.5 text-[12px] font-medium text-accent hover:brightness-95 max-md:h-11 max-md:px-3"
      onPointerEnter={() => void WhyContent.preload()}
      onClick={() => why.toggle(!why.open)}
    >
      {t.why} <Arrow size={13} aria-hidden />
    </button>
  )
}

/** Why routing chose this person, as long as it is open. */
export function WhyCard() {
  const { ticket, why } = useOpenTicket()
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    if (why.asked) card.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [why.asked])
  if (!why.open) return null
  return (
    // Among the properties of the ticket, as one of them.
    <div>
      <dt className="sr-only">{t.title}</dt>
      <dd>
        <section
          ref={card}
          aria-label={t.title}
          className="my-1.5 scroll-m-4 rounded-lg border border-line bg-raised p-2.5 shadow-sm"
        >
          <Suspense fallback={<div className="h-24" aria-hidden />}>
            <WhyContent ticket={ticket} />
          </Suspense>
        </section>
      </dd>
    </div>
  )
}
