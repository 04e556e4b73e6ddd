import { type Ref, useState } from 'react'
import { useAfterPaint } from '@/lib/use-after-paint'
import { LinksSection } from '../links/links-section'
import { useOpenTicket } from '../ticket-context'
import { Columns } from './columns'
import { CustomFields, useFieldsKnown } from './custom-fields'
import { FollowersCard } from './followers-card'
import { HistoryCard } from './history-card'
import { t } from './messages'
import { RequesterCard } from './requester-card'
import { SlaCard } from './sla-card'
import { TimesCard } from './times-card'

/** The part of it that is changed most: the way there by keyboard leads past the conversation. */
export const PROPERTIES = 'properties'

const Line = () => <hr className="border-line" />

/** The column beside a ticket: who asks, what the ticket is, who follows it, when what happened, and what else was asked. */
export function DetailsColumn({
  ref,
  late = false,
}: {
  ref?: Ref<HTMLElement>
  /** The conversation is drawn before what the column holds, which costs as much as all the rest. */
  late?: boolean
}) {
  const painted = useAfterPaint()
  const { menu, why } = useOpenTicket()
  // A key that opens something in it does not wait: what is typed next belongs there.
  const [asked, setAsked] = useState(false)
  if (!asked && (menu !== null || why.asked > 0)) setAsked(true)
  return (
    <aside
      ref={ref}
      id="details"
      aria-label={t.region}
      tabIndex={0}
      className="min-h-0 w-full space-y-4 overflow-y-auto bg-panel p-4 max-md:pb-10 min-[1100px]:w-[308px] min-[1100px]:shrink-0 min-[1100px]:border-s min-[1100px]:border-line"
    >
      {(painted || asked || !late) && <Details />}
    </aside>
  )
}

function Details() {
  const { ticket, link } = useOpenTicket()
  const isKnown = useFieldsKnown()
  return (
    <>
      <RequesterCard />
      <Line />
      <section id={PROPERTIES} tabIndex={-1} aria-label={t.title} className="space-y-2">
        <h2 className="font-semibold">{t.title}</h2>
        <dl className="space-y-1">
          <Columns />
          <CustomFields />
        </dl>
      </section>
      <SlaCard />
      {/* Not before what stands above has its height: it would be pushed down under the pointer. */}
      {isKnown && (
        <>
          <Line />
          <LinksSection ticket={ticket.id} onAdd={link} />
          <Line />
          <FollowersCard />
          <Line />
          <TimesCard />
          <Line />
          <HistoryCard key={ticket.requester.id} />
        </>
      )}
    </>
  )
}
