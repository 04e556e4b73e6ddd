import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import { LazySheet } from '@/components/ui/lazy-sheet'
import { SKIP_LINK } from '@/components/ui/skip-link'
import { SolveDialog } from '@/desk/ask-required'
import { meQuery } from '@/desk/me'
import { useQueueNeighbours } from '@/desk/queue-position'
import type { Ticket } from '@/desk/tickets'
import type { TimelineFilter } from '@/desk/timeline'
import { noticePlace } from '@/lib/keep-clear'
import { useLow, useMedia, usePhone } from '@/lib/use-media'
import { usePresence } from '@/realtime/live-store'
import type { Kind } from './composer/composer'
import { Message } from './conversation/message'
import { useQuoteCommand } from './conversation/quote-toggle'
import { DetailsColumn, PROPERTIES } from './details/details'
import { ComposerPlace } from './panel/composer-place'
import { ConflictNotice } from './panel/conflict-notice'
import { CustomerStrip } from './panel/customer-strip'
import { TicketHeader } from './panel/header'
import { t } from './panel/messages'
import { PhoneActs } from './panel/phone-acts'
import { Refusals } from './panel/refusals'
import { useSwipe } from './panel/use-swipe'
import { useTicketChanges } from './panel/use-ticket-changes'
import { useTicketCommands } from './panel/use-ticket-commands'
import { TicketDialogs, useTicketActs } from './ticket-acts'
import { type OpenMenu, TicketContext } from './ticket-context'
import { FilterMenu } from './timeline/filter-menu'
import { Timeline } from './timeline/timeline'

export interface TicketOnPage {
  back: () => void
}

/** In the header, or beside the text that is written; everything else stands in the details. */
const NOT_IN_DETAILS: OpenMenu[] = ['status', 'priority', 'assignee', 'subject', 'cc']

export function OpenTicket({
  ticket,
  page,
  onClose,
  begun,
}: {
  ticket: Ticket
  page: TicketOnPage | undefined
  onClose: (() => void) | undefined
  /** What was begun to be written before the ticket was there. */
  begun: Kind | null
}) {
  const { id } = ticket
  const { data: me } = useQuery(meQuery)
  const wide = useMedia('(min-width: 1100px)')
  const narrow = usePhone()
  const low = useLow()
  const phone = low || (narrow && page !== undefined)
  const changes = useTicketChanges(ticket)
  const answers = useState<Record<string, unknown>>({})
  const [kind, setKind] = useState<Kind>(begun ?? 'reply')
  const [focusRequests, setFocusRequests] = useState(begun ? 1 : 0)
  const [menu, setMenu] = useState<OpenMenu>(null)
  const [drawer, setDrawer] = useState(false)
  const [writing, setWriting] = useState(false)
  const [filter, setFilter] = useState<TimelineFilter>('all')
  const [filtering, setFiltering] = useState(false)
  const details = useRef<HTMLElement>(null)
  const section = useRef<HTMLElement>(null)
  const { others, setActivity } = usePresence(id, me?.id)
  const { neighbours, toNext, toPrevious, advance } = useQueueNeighbours(id)

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for what was begun before the ticket was there
  useEffect(() => {
    if (begun && phone) setWriting(true)
  }, [])

  // A keyboard that comes up, or a zoom, makes a window low while somebody writes: they go on.
  const [wasPhone, setWasPhone] = useState(phone)
  if (phone !== wasPhone) {
    setWasPhone(phone)
    // In the editor, or what stands there until it is loaded; not in a field of the ticket or a dialog.
    const at = document.activeElement?.closest('[contenteditable=true], textarea')
    if (phone && at?.closest('[data-composer]')) {
      setWriting(true)
      setFocusRequests(focusRequests + 1)
    }
  }

  const write = (next: Kind) => {
    // Until something is typed there.
    if (next !== kind) setActivity('viewing')
    setKind(next)
    if (phone) setWriting(true)
    setFocusRequests((n) => n + 1)
  }
  const showDetails = () => (wide ? details.current?.focus() : setDrawer(true))
  const openMenu = (next: OpenMenu) => {
    if (page && !wide && next && !NOT_IN_DETAILS.includes(next)) setDrawer(true)
    setMenu(next)
  }
  const acts = useTicketActs(ticket, {
    page: page !== undefined,
    filter: () => setFiltering(true),
    leave: page?.back ?? onClose ?? (() => {}),
  })
  const open = {
    ticket,
    apply: changes.apply,
    refusals: changes.refusals,
    dismiss: changes.dismiss,
    menu,
    setMenu: openMenu,
    why: acts.why,
    link: acts.link,
  }
  useQuoteCommand()
  useTicketCommands({
    open,
    write,
    showDetails,
    page: page && { back: page.back, next: toNext, previous: toPrevious, advance },
  })
  useSwipe(section, {
    toStart: page && phone && neighbours?.goesOn ? toNext : undefined,
    toEnd: page && phone && neighbours?.previous !== undefined ? toPrevious : undefined,
  })
  const shownInDetails = page !== undefined && (wide || drawer)

  return (
    <TicketContext value={open}>
      <div className="flex min-h-0 min-w-0 flex-1">
        <div ref={page && noticePlace} className="flex min-w-0 flex-1 flex-col">
          {page && wide && (
            <button
              type="button"
              className={SKIP_LINK}
              onClick={() => (document.getElementById(PROPERTIES) ?? details.current)?.focus({ focusVisible: true })}
            >
              {t.skipToProperties}
            </button>
          )}
          <section
            ref={section}
            aria-label={t.ticket(id)}
            className="flex min-h-0 min-w-0 flex-1 flex-col one-scroll:overflow-x-clip one-scroll:overflow-y-auto"
          >
            <TicketHeader
              others={others}
              filter={<FilterMenu filter={filter} onFilter={setFilter} open={filtering} onOpen={setFiltering} />}
              page={
                page && {
                  back: page.back,
                  neighbours,
                  next: toNext,
                  previous: toPrevious,
                  showDetails: wide ? undefined : showDetails,
                }
              }
              onClose={onClose}
            />
            {changes.conflict && <ConflictNotice key={id} of={changes.conflict} end={changes.endConflict} />}
            <Refusals
              shownElsewhere={(path) =>
                path === 'subject' ||
                (shownInDetails &&
                  (path.startsWith('custom.') || ['tags', 'language', 'required_skills'].includes(path)))
              }
            />
            {page && !wide && <CustomerStrip open={showDetails} />}
            {/* On a phone, and in a low window, the page scrolls as a whole. */}
            <div className="contents one-scroll:[&>*]:flex-none one-scroll:[&>*]:overflow-visible">
              <Timeline
                ticket={id}
                filter={filter}
                onFilter={setFilter}
                onWhy={acts.why.show}
                onSplit={(merged) => acts.splitOff({ merged })}
                message={(item) => (
                  <Message ticket={id} item={item} onSplit={() => acts.splitOff({ message: item.id })} />
                )}
              />
            </div>
          </section>
          <ComposerPlace
            phone={phone}
            writing={writing}
            others={others}
            kind={kind}
            focus={focusRequests}
            onKind={write}
            onClose={() => setWriting(false)}
            onFollowUp={acts.followUp}
            onWriting={(typing) => setActivity(typing ? `writing_${kind}` : 'viewing')}
          />
          {phone && <PhoneActs write={write} />}
        </div>
        {page && wide && <DetailsColumn ref={details} late />}
        {page && !wide && (
          <LazySheet
            open={drawer}
            onClose={() => setDrawer(false)}
            title={t.aboutTicket}
            side={narrow ? 'bottom' : 'end'}
          >
            <DetailsColumn />
          </LazySheet>
        )}
        <TicketDialogs ticket={ticket} acts={acts} />
        <LazyOverlay
          part={SolveDialog}
          open={changes.missing !== null}
          missing={changes.missing}
          values={ticket.custom}
          answers={answers}
          solve={changes.apply}
          onClose={changes.endMissing}
        />
      </div>
    </TicketContext>
  )
}
