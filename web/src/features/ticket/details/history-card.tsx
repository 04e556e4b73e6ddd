import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { StatusOf } from '@/desk/status-of'
import { TimeAgo } from '@/desk/time-ago'
import { historyQuery } from '../queries'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { Unread } from './unread'

/** The requester's latest other tickets. */
export function HistoryCard() {
  const { ticket } = useOpenTicket()
  const history = useQuery(historyQuery(ticket.requester.id))
  const others = history.data?.items.filter(({ id }) => id !== ticket.id).slice(0, 6)
  return (
    <section aria-labelledby="history" className="space-y-1.5">
      <h2 id="history" dir="auto" className="font-semibold [overflow-wrap:anywhere]">
        {t.history.title(ticket.requester.name)}
      </h2>
      {history.isError ? (
        <Unread text={t.history.unread} retry={() => void history.refetch()} />
      ) : others?.length === 0 ? (
        <p className="text-[12px] text-dim">{t.history.none}</p>
      ) : (
        <ul>
          {others?.map((row) => (
            <li key={row.id}>
              <Link
                to="/tickets/$id"
                params={{ id: String(row.id) }}
                className="-mx-1.5 flex min-h-6 items-center gap-2 rounded px-1.5 py-0.5 hover:bg-hover max-md:min-h-11"
              >
                <StatusOf ticket={row} />
                <span dir="auto" className="min-w-0 flex-1 truncate">
                  {row.subject}
                </span>
                <span className="shrink-0 text-dim">
                  <TimeAgo at={row.updated_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
