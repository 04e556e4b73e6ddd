import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { SettingsSection } from '@/desk/settings-page'
import type { Schemas } from '@/lib/api/client'
import { language, number } from '@/lib/messages'
import { t } from './messages'
import { myNumbersQuery } from './queries'

/** Nobody else sees them compared. */
export function Numbers() {
  const { data, error, refetch } = useQuery(myNumbersQuery)
  return (
    <SettingsSection title={t.numbers.title} hint={t.numbers.hint}>
      {error && !data ? (
        <ErrorState error={error} retry={() => refetch()} />
      ) : (
        <>
          <dl className="grid grid-cols-2 overflow-hidden rounded-lg border border-line sm:grid-cols-4">
            <Tile label={t.numbers.open}>
              {data && (
                <Link to="/" search={{ assignee: 'me' }} className="hover:underline">
                  {number(data.open)}
                </Link>
              )}
            </Tile>
            <Tile label={t.numbers.load}>{data && t.numbers.loadOf(data.load, data.capacity)}</Tile>
            <Tile label={t.numbers.solved}>{data && number(data.solved_week)}</Tile>
            <Tile label={t.numbers.firstReply}>
              {data && (data.first_reply_seconds == null ? '–' : t.numbers.duration(data.first_reply_seconds))}
            </Tile>
          </dl>
          <Week days={data?.solved_by_day} />
        </>
      )}
    </SettingsSection>
  )
}

const Tile = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex flex-col-reverse justify-end gap-0.5 border-line px-4 py-3 not-first:border-s max-sm:nth-[odd]:border-s-0 max-sm:nth-[n+3]:border-t">
    <dt className="text-dim">{label}</dt>
    <dd className="text-[20px] leading-7 font-semibold">{children ?? <Skeleton className="my-1 h-5 w-10" />}</dd>
  </div>
)

/** Solved on each of the last seven days. */
function Week({ days }: { days: Schemas['SolvedOnDay'][] | undefined }) {
  const most = Math.max(1, ...(days ?? []).map(({ solved }) => solved))
  const name = (day: string) =>
    new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`))
  return (
    <figure className="mt-4">
      <figcaption className="mb-2 text-dim">{t.numbers.week}</figcaption>
      <ol className="grid h-[116px] grid-cols-7 gap-2">
        {(days ?? Array.from({ length: 7 }, (_, at) => ({ day: String(at), solved: -1 }))).map(({ day, solved }) => (
          <li key={day} className="flex flex-col items-stretch justify-end gap-1 text-center">
            {solved >= 0 && (
              <>
                <span className="text-[12px] leading-4 font-medium">{number(solved)}</span>
                <span
                  aria-hidden
                  className="rounded-sm bg-accent forced-colors:bg-[CanvasText]"
                  style={{ height: `${Math.max(2, (solved / most) * 64)}px`, opacity: solved ? 1 : 0.35 }}
                />
                <span className="text-[12px] leading-4 text-dim">{name(day)}</span>
              </>
            )}
          </li>
        ))}
      </ol>
    </figure>
  )
}
