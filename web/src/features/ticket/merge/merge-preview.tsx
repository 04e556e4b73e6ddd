import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Lock, Paperclip } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { Told, told } from '@/components/ui/told'
import { prioritiesQuery, statusesQuery } from '@/desk/config'
import { useTimes } from '@/desk/times'
import { problemsOf } from '@/lib/api/client'
import { laneOf } from './lanes'
import { t } from './messages'
import { type Preview, previewQuery } from './queries'

/** What the ticket would be: the messages of all in their order, what stays, who joins, what closes. */
export function MergePreview({ into, tickets }: { into: number; tickets: number[] }) {
  const { data, error, isPlaceholderData } = useQuery(previewQuery(into, tickets))
  return (
    <section aria-labelledby="merge-becomes" className="flex min-h-0 flex-1 flex-col p-4 max-md:p-3">
      <header className="mb-2.5 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 id="merge-becomes" className="me-auto font-semibold">
          {t.becomes(into)}
        </h3>
        {[into, ...tickets].map((id) => (
          <span key={id} className="flex items-center gap-1.5 text-[12px] text-dim">
            <span aria-hidden className="size-2 rounded-[2px]" style={{ background: laneOf(id, into, tickets) }} />#{id}
          </span>
        ))}
      </header>
      {tickets.length === 0 ? (
        <p className="grid flex-1 place-content-center rounded-lg border border-dashed border-line p-8 text-center text-dim">
          {t.nothingChosen}
        </p>
      ) : error ? (
        <div role="alert" className="rounded-lg bg-danger-soft p-3">
          <p className="font-medium">{t.refused}</p>
          <ul className="mt-1 [overflow-wrap:anywhere]">
            {problemsOf(error).length
              ? problemsOf(error).map(({ path, message }) => (
                  <li key={path}>
                    <Told text={message} />
                  </li>
                ))
              : told(error.message)}
          </ul>
        </div>
      ) : data ? (
        <div className={clsx('flex min-h-0 flex-1 flex-col gap-3', isPlaceholderData && 'opacity-60')}>
          <Messages preview={data} into={into} tickets={tickets} />
          <Outcome preview={data} />
        </div>
      ) : (
        <div role="status" aria-label={t.loading} className="min-h-48 flex-1 animate-pulse rounded-lg bg-hover" />
      )}
    </section>
  )
}

function Messages({ preview, into, tickets }: { preview: Preview; into: number; tickets: number[] }) {
  const { exact, full } = useTimes()
  const earlier = preview.message_count - preview.messages.length
  return (
    <ol
      tabIndex={0}
      aria-label={t.becomes(into)}
      className="min-h-32 flex-1 overflow-y-auto rounded-lg border border-line"
    >
      {earlier > 0 && <li className="px-4 pt-2 text-[12px] text-dim">{t.earlier(earlier)}</li>}
      {preview.messages.map((message) => (
        <li
          key={message.id}
          className={clsx('relative flex gap-2.5 px-4 py-2', message.message_kind === 'note' && 'bg-note')}
        >
          <span
            aria-hidden
            className="absolute inset-y-1 start-0 w-[3px] rounded-e"
            style={{ background: laneOf(message.ticket_id, into, tickets) }}
          />
          <Avatar name={message.author?.name ?? t.somebody} size={22} />
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-center gap-x-2 text-[12px] text-dim">
              <b dir="auto" className="font-semibold text-[13px] text-ink">
                {message.author?.name ?? t.somebody}
              </b>
              <span className="sr-only">#{message.ticket_id}</span>
              {message.message_kind === 'note' && (
                <span className="flex items-center gap-1 text-note-ink">
                  <Lock size={11} aria-hidden /> {t.note}
                </span>
              )}
              {message.attachments > 0 && (
                <span className="flex items-center gap-0.5" role="img" aria-label={t.files(message.attachments)}>
                  <Paperclip size={12} aria-hidden /> {message.attachments}
                </span>
              )}
              {message.quotes && <span>{t.quoted}</span>}
              <time dateTime={message.at} title={full(message.at)} className="ms-auto">
                {exact(message.at)}
              </time>
            </p>
            <p dir="auto" className="line-clamp-2 [overflow-wrap:anywhere]">
              {message.text}
            </p>
          </div>
        </li>
      ))}
    </ol>
  )
}

function Outcome({ preview: { ticket, followers, closes } }: { preview: Preview }) {
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const numbers = closes.map(({ id }) => `#${id}`)
  const last = numbers.at(-1) ?? ''
  return (
    <dl className="grid shrink-0 grid-cols-[96px_minmax(0,1fr)] gap-y-1.5">
      <Fact name={t.stays}>
        <span className="flex items-center gap-1.5">
          <StatusIcon category={ticket.status_category} />
          {statuses?.items.find(({ key }) => key === ticket.status)?.label ?? ticket.status}
        </span>
        <span className="flex items-center gap-1.5">
          <PriorityIcon priority={ticket.priority} />
          {priorities?.items.find(({ key }) => key === ticket.priority)?.label ?? ticket.priority}
        </span>
        <span className="flex min-w-0 items-center gap-1.5">
          <Avatar name={ticket.assignee?.name} size={18} />
          <bdi className="truncate">{ticket.assignee?.name ?? t.nobody}</bdi>
        </span>
      </Fact>
      {followers.length > 0 && (
        <Fact name={t.inCopy}>
          {followers.map((person) => (
            <span key={person.id} className="flex items-center gap-1.5">
              <bdi>{person.name}</bdi>
              {person.joins && (
                <span className="rounded bg-accent-soft px-1.5 text-[12px] leading-5 text-accent">+ {t.new}</span>
              )}
            </span>
          ))}
        </Fact>
      )}
      <Fact name={t.closes}>{t.closed(numbers.length > 1 ? t.and(numbers.slice(0, -1).join(', '), last) : last)}</Fact>
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-dim">{name}</dt>
    <dd className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">{children}</dd>
  </>
)
