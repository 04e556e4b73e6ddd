import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { statusesQuery } from '@/desk/config'
import { timelineQuery } from '@/desk/timeline'
import { useTimes } from '@/desk/times'
import { span } from '@/lib/span'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { momentsOf } from './moments'
import { Property } from './property'

/** When the ticket was made, answered, solved and so on, on the clock of whoever reads it. */
export function TimesCard() {
  const { ticket } = useOpenTicket()
  const { data: items, hasNextPage } = useInfiniteQuery(timelineQuery(ticket.id))
  const { data: statuses } = useQuery(statusesQuery)
  const { exact, full } = useTimes()
  const done = statuses?.items
    .filter(({ category }) => ['solved', 'closed'].includes(category))
    .map(({ label }) => label)
  return (
    <section aria-labelledby="times" className="space-y-1.5">
      <h2 id="times" className="font-semibold">
        {t.times.title}
      </h2>
      <dl className="space-y-0.5">
        {momentsOf(ticket, items ?? [], done ?? [], !hasNextPage).map(({ name, at, after, times }) => (
          <Property key={name} name={t.times[name]}>
            <span className="flex flex-wrap gap-x-2 px-1.5">
              <time dateTime={at} title={full(at)}>
                {exact(at)}
              </time>
              {after !== undefined && <span className="text-[12px] text-dim">{t.times.after(span(after))}</span>}
              {times !== undefined && times > 1 && <span className="text-[12px] text-dim">{t.times.more(times)}</span>}
            </span>
          </Property>
        ))}
      </dl>
    </section>
  )
}
