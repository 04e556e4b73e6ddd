import { useQuery } from '@tanstack/react-query'
import { Monitor, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Confirm } from '@/components/ui/confirm'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { SettingsSection } from '@/desk/settings-page'
import { useTimes } from '@/desk/times'
import { deviceOf, isPhone } from './device'
import { t } from './messages'
import { sessionsQuery, useEndSession } from './queries'

/** Where one is logged in, and the end of each. */
export function Sessions() {
  const { data, error, refetch } = useQuery(sessionsQuery)
  const end = useEndSession()
  const [asked, setAsked] = useState<{ id: string | null; title: string; what: string } | null>(null)
  const { exact } = useTimes()
  const others = data?.items.filter(({ current }) => !current).length ?? 0
  return (
    <SettingsSection title={t.sessions.title} hint={t.sessions.hint}>
      {error && !data && <ErrorState error={error} retry={() => refetch()} />}
      {!data && !error && (
        <div className="space-y-2">
          <Skeleton className="h-14" />
          <Skeleton className="h-14" />
        </div>
      )}
      {data && (
        <ul className="divide-y divide-line rounded-lg border border-line">
          {data.items.map((session) => {
            const device = deviceOf(session.user_agent) || t.sessions.unknown
            return (
              <li key={session.id} className="flex items-center gap-3 px-3 py-2.5">
                <span className="text-dim" aria-hidden>
                  {isPhone(session.user_agent) ? <Smartphone size={18} /> : <Monitor size={18} />}
                </span>
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{device}</span>
                  <span className="block text-[12px] leading-4 text-dim">
                    {session.current ? t.sessions.current : t.sessions.lastUsed(exact(session.last_used_at))} ·{' '}
                    {t.sessions.since(exact(session.created_at))}
                  </span>
                </span>
                {!session.current && (
                  <Button
                    variant="chip"
                    className="max-md:h-11"
                    aria-label={t.sessions.endOne(device, exact(session.created_at))}
                    onClick={() => setAsked({ id: session.id, title: t.sessions.askOne, what: device })}
                  >
                    {t.sessions.end}
                  </Button>
                )}
              </li>
            )
          })}
        </ul>
      )}
      {others > 0 && (
        <Button
          variant="chip"
          className="mt-3 max-md:h-11"
          onClick={() => setAsked({ id: null, title: t.sessions.askOthers(others), what: '' })}
        >
          {t.sessions.endOthers(others)}
        </Button>
      )}
      <Confirm
        open={asked !== null}
        title={asked?.title ?? ''}
        verb={t.sessions.end}
        onConfirm={() => asked && end.mutate(asked.id)}
        onClose={() => setAsked(null)}
      >
        {asked?.what && <bdi className="block font-medium">{asked.what}</bdi>}
        {t.sessions.ends}
      </Confirm>
    </SettingsSection>
  )
}
