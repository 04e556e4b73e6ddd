import { queryOptions, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ticketQuery } from '@/desk/tickets'
import { useNow, useTimes } from '@/desk/times'
import { api, unwrap } from '@/lib/api/client'
import { span } from '@/lib/span'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { Property } from './property'
import { Unread } from './unread'

/** `next`: when the first target runs out; another moment is read anew. */
const slaQuery = (id: number, next: string) =>
  queryOptions({
    queryKey: [...ticketQuery(id).queryKey, 'sla', next],
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/{id}/sla', { params: { path: { id } }, signal })),
  })

/** How long there is still for what was promised, the most urgent first. Nothing where nothing was. */
export function SlaCard() {
  const { ticket } = useOpenTicket()
  return ticket.next_breach_at ? <Targets id={ticket.id} next={ticket.next_breach_at} /> : null
}

function Targets({ id, next }: { id: number; next: string }) {
  const { data, isError, refetch } = useQuery(slaQuery(id, next))
  const { exact, full } = useTimes()
  const now = useNow()
  const open = (data?.clocks ?? [])
    .filter(({ state }) => state !== 'fulfilled')
    .map((clock) => ({ ...clock, at: clock.breached_at ?? clock.due_at }))
    .sort((one, other) => (one.at ?? '9').localeCompare(other.at ?? '9'))
  return (
    <section aria-labelledby="sla" className="space-y-1.5 border-t border-line pt-4">
      <h2 id="sla" className="font-semibold">
        {t.sla.title}
      </h2>
      {isError && <Unread text={t.sla.unread} retry={() => void refetch()} />}
      <dl className="space-y-0.5">
        {open.map(({ metric, instance, at, breached_at, near_at }) => {
          const late = Boolean(breached_at)
          const left = at ? (Date.parse(at) - now) / 1000 : 0
          return (
            <Property key={`${metric} ${instance}`} name={t.sla.metric[metric]}>
              <span className="flex flex-wrap gap-x-2 px-1.5">
                {at ? (
                  <>
                    <span
                      className={clsx(
                        late && 'font-medium text-danger',
                        !late && near_at && Date.parse(near_at) <= now && 'font-medium text-amber-ink',
                      )}
                    >
                      {late || left < 0 ? t.sla.late(span(-left)) : t.sla.left(span(left))}
                    </span>
                    <time className="text-[12px] text-dim" dateTime={at} title={full(at)}>
                      {exact(at)}
                    </time>
                  </>
                ) : (
                  <span className="text-dim">{t.sla.paused}</span>
                )}
              </span>
            </Property>
          )
        })}
      </dl>
    </section>
  )
}
