import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheckBig, MessageSquareReply, MessageSquareText } from 'lucide-react'
import { useRef } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusIcon } from '@/components/ui/status-icon'
import { type About, historyQuery } from '@/desk/customers'
import { MoreButton } from '@/desk/more-button'
import { useTimes } from '@/desk/times'
import { useRowKeys } from '@/desk/use-row-keys'
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'

type Entry = Schemas['Interaction']

/** All that a customer and the desk had to do with each other, newest first, 50 at a time. */
export function History({ about }: { about: About }) {
  const query = useInfiniteQuery(historyQuery(about))
  const times = useTimes()
  const list = useRef<HTMLDivElement>(null)
  const keys = useRowKeys(list)
  if (query.isPending) return <HistorySkeleton />
  if (query.error && !query.data) return <ErrorState error={query.error} retry={() => query.refetch()} />
  const entries = query.data?.pages.flatMap((page) => page.items) ?? []
  if (!entries.length) return <EmptyState title={t.noHistory}>{t.noHistoryText}</EmptyState>
  const days = new Map<string, Entry[]>()
  for (const entry of entries) {
    const day = times.day(entry.at)
    days.set(day, [...(days.get(day) ?? []), entry])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows of its links
    <div ref={list} onKeyDown={keys.onKeyDown} className="pb-4">
      {[...days].map(([day, those]) => (
        <section key={day} aria-label={day}>
          <h2 className="px-4 pt-4 pb-1 text-[12px] font-medium text-dim md:px-5">{day}</h2>
          <ol>
            {those.map((entry) => (
              <HistoryRow key={`${entry.kind}${entry.ticket_id}-${entry.message_id}`} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
      <MoreButton pages={query} />
    </div>
  )
}

const iconOf = (entry: Entry) => {
  if (entry.kind === 'created') return <StatusIcon category={entry.status_category} />
  if (entry.kind === 'solved') return <CircleCheckBig size={15} className="text-green" aria-label={t.solved} />
  return entry.author?.role === 'customer' ? (
    <MessageSquareText size={15} className="text-dim" aria-hidden />
  ) : (
    <MessageSquareReply size={15} className="text-dim" aria-hidden />
  )
}

function HistoryRow({ entry }: { entry: Entry }) {
  const times = useTimes()
  const who = entry.author?.name ?? t.somebody
  const what =
    entry.kind === 'solved'
      ? t.solved
      : entry.kind === 'replied'
        ? entry.author?.role === 'customer'
          ? t.wrote(who)
          : t.answered(who)
        : null
  return (
    <li className="relative flex gap-3 px-4 py-1.5 hover:bg-hover has-[a:focus]:bg-chosen has-[a:focus]:shadow-[inset_2px_0_var(--accent)] md:px-5">
      <span className="grid h-5 w-4 shrink-0 place-items-center">{iconOf(entry)}</span>
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 flex-wrap gap-x-2">
          {what && <span className="text-dim">{what}</span>}
          <Link
            to="/tickets/$id"
            params={{ id: String(entry.ticket_id) }}
            data-row
            dir="auto"
            className="min-w-0 font-medium [overflow-wrap:anywhere] outline-none after:absolute after:inset-0"
          >
            {entry.subject}
          </Link>
          <span className="text-dim">#{entry.ticket_id}</span>
        </p>
        {entry.snippet && (
          <p className="line-clamp-2 text-dim [overflow-wrap:anywhere]" dir="auto">
            {entry.snippet}
          </p>
        )}
      </div>
      {entry.author ? <Avatar name={entry.author.name} size={20} /> : <span className="w-5" />}
      <time dateTime={entry.at} title={times.full(entry.at)} className="w-11 shrink-0 text-end text-dim">
        {times.clock(entry.at)}
      </time>
    </li>
  )
}

const HistorySkeleton = () => (
  <div className="space-y-4 px-5 py-5" aria-hidden>
    {Array.from({ length: 8 }, (_, i) => (
      <div key={String(i)} className="flex h-10 gap-3">
        <Skeleton className="size-4 rounded-full" />
        <div className="flex-1 space-y-2">
          <Skeleton className="h-4 w-1/2" />
          <Skeleton className="h-3.5 w-4/5" />
        </div>
      </div>
    ))}
  </div>
)
