import { useQueries, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Lightbulb, Search, TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { type Choice, findTicketsQuery } from '@/desk/find-tickets'
import { TicketChoice } from '@/desk/ticket-choice'
import { type Ticket, ticketQuery } from '@/desk/tickets'
import { useDebounced } from '@/lib/use-debounced'
import { laneOf } from './lanes'
import { t } from './messages'
import { type Similar, similarQuery } from './queries'

/** The tickets to choose from: those that look alike with the reasons, or those that were looked for. */
export function Candidates({
  into,
  picked,
  onPick,
  onLink,
}: {
  into: Ticket
  picked: number[]
  onPick: (ticket: number) => void
  /** Offered where a ticket of another organization is chosen. */
  onLink: (() => void) | undefined
}) {
  const [words, setWords] = useState('')
  const wanted = useDebounced(words.trim(), 200)
  const similar = useQuery(similarQuery(into.id))
  const found = useQuery(findTicketsQuery(wanted))
  const list = useRef<HTMLDivElement>(null)
  const searching = wanted !== '' && words.trim() !== ''
  const alike = similar.data?.items ?? []
  const offered: (Choice | Similar)[] = (searching ? (found.data ?? []) : alike).filter(({ id }) => id !== into.id)
  // What was chosen elsewhere stays in sight: in the queue, or under other words.
  const missing = picked.filter((id) => !offered.some((ticket) => ticket.id === id))
  const elsewhere = useQueries({ queries: missing.map((id) => ticketQuery(id)) })
  const kept = elsewhere.map(({ data }) => data).filter((ticket) => ticket !== undefined)
  const strangers = [...kept, ...offered].filter(
    (ticket) => picked.includes(ticket.id) && ticket.organization?.id !== into.organization?.id,
  )

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) {
      if (event.key === 'x' && event.target instanceof HTMLInputElement && event.target.type === 'checkbox') {
        event.preventDefault()
        event.target.click()
      }
      return
    }
    event.preventDefault()
    const stops = [...(event.currentTarget.querySelectorAll<HTMLInputElement>('input') ?? [])]
    const at = stops.findIndex((stop) => stop.matches(':focus'))
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus()
  }
  const row = (ticket: Choice | Similar) => (
    <Candidate
      key={ticket.id}
      ticket={ticket}
      picked={picked.includes(ticket.id)}
      color={laneOf(ticket.id, into.id, picked)}
      onPick={() => onPick(ticket.id)}
    />
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move among the inputs within
    <div className="flex min-h-0 flex-1 flex-col bg-panel" onKeyDown={move}>
      <label className="m-3 mb-0 flex h-9 items-center gap-2 rounded-md border border-line bg-raised px-2.5 focus-within:border-accent max-md:h-11">
        <Search size={15} aria-hidden className="shrink-0 text-dim" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to find a ticket
          autoFocus
          type="search"
          aria-label={t.find}
          placeholder={t.find}
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-dim max-md:text-[16px]"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      <div
        ref={list}
        className="min-h-0 flex-1 space-y-1 overflow-y-auto p-3"
        aria-busy={similar.isPending || found.isFetching}
      >
        {kept.length > 0 && (
          <>
            <h3 className="px-1 text-[12px] text-dim">{t.chosen}</h3>
            {kept.map(row)}
          </>
        )}
        <h3 className="flex justify-between px-1 text-[12px] text-dim">
          <span>{searching ? t.found : t.alike}</span>
          {!searching && alike.length > 0 && <span>{t.alikeShort}</span>}
        </h3>
        {!searching && similar.isPending && <Skeleton />}
        {!searching && similar.isError && (
          <p role="alert" className="flex flex-wrap items-center gap-2 p-1">
            {t.failedList}
            <Button variant="chip" onClick={() => similar.refetch()}>
              {t.tryAgain}
            </Button>
          </p>
        )}
        {!searching && similar.isSuccess && offered.length === 0 && <p className="p-1 text-dim">{t.noneAlike}</p>}
        {searching && found.isSuccess && !found.isPlaceholderData && offered.length === 0 && (
          <p className="p-1 text-dim [overflow-wrap:anywhere]">{t.noneFound(wanted)}</p>
        )}
        {offered.map(row)}
      </div>
      {strangers.length > 0 && (
        <div role="status" className="m-3 mt-0 space-y-2 rounded-lg bg-note p-3 text-[12px] leading-4">
          {strangers.map((ticket) => (
            <p key={ticket.id} className="flex gap-2 [overflow-wrap:anywhere]">
              <TriangleAlert size={14} aria-hidden className="shrink-0 text-note-ink" />
              {t.otherOrganization(
                ticket.id,
                ticket.organization?.name ?? t.noOrganization,
                into.organization?.name ?? t.noOrganization,
              )}
            </p>
          ))}
          <p className="flex gap-2">
            <Lightbulb size={14} aria-hidden className="shrink-0 text-note-ink" />
            <span className="flex-1">{t.linkInstead}</span>
          </p>
          {onLink && (
            <Button variant="chip" className="ms-5.5" onClick={onLink}>
              {t.link}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function Candidate({
  ticket,
  picked,
  color,
  onPick,
}: {
  ticket: Choice | Similar
  picked: boolean
  color: string
  onPick: () => void
}) {
  const alike = 'alike' in ticket ? ticket.alike : undefined
  const reasons = 'reasons' in ticket ? ticket.reasons : []
  return (
    <label
      className={clsx(
        'flex cursor-pointer gap-2.5 rounded-lg border p-2.5',
        picked ? 'border-line bg-raised' : 'border-transparent hover:bg-hover',
        'has-focus-visible:outline-2 has-focus-visible:outline-accent',
      )}
    >
      <input
        type="checkbox"
        className="checkbox mt-0.5 outline-none"
        style={{ '--accent': color } as Record<string, string>}
        aria-label={t.pick(ticket.id, ticket.subject)}
        checked={picked}
        onChange={onPick}
      />
      <span className="min-w-0 flex-1">
        <span className="flex gap-2">
          <TicketChoice ticket={ticket} />
          {alike !== undefined && (
            <span className="w-9 shrink-0 text-end tabular-nums" role="img" aria-label={t.alikeOf(alike)}>
              {alike}
              <span className="mt-0.5 block h-1 overflow-hidden rounded-full bg-hover" aria-hidden>
                <span className="block h-full bg-accent" style={{ width: `${alike}%` }} />
              </span>
            </span>
          )}
        </span>
        <span className="mt-1.5 flex flex-wrap gap-1 empty:hidden">
          {reasons.map((reason) => (
            <Reason key={reason.kind} reason={reason} />
          ))}
          {ticket.status_category === 'solved' && <Tag>{t.reasons.solved}</Tag>}
        </span>
      </span>
    </label>
  )
}

const Tag = ({ children }: { children: string }) => (
  <span dir="auto" className="rounded bg-hover px-1.5 text-[12px] leading-5 [overflow-wrap:anywhere]">
    {children}
  </span>
)

function Reason({ reason }: { reason: Similar['reasons'][number] }) {
  if (reason.kind === 'words') return reason.words?.length ? <Tag>{t.reasons.words(reason.words)}</Tag> : null
  if (reason.kind === 'same_problem') return <Tag>{t.reasons.same_problem(reason.ticket_id ?? 0)}</Tag>
  const text = t.reasons[reason.kind as 'same_requester']
  return typeof text === 'string' ? <Tag>{text}</Tag> : null
}

const Skeleton = () => (
  <div aria-hidden className="space-y-1">
    {[1, 2, 3, 4].map((each) => (
      <div key={each} className="h-[76px] animate-pulse rounded-lg bg-hover" />
    ))}
  </div>
)
