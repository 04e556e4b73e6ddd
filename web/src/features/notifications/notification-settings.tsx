import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '@/components/ui/error-state'
import { Switch } from '@/components/ui/switch'
import { SettingsPage, SettingsSection } from '@/desk/settings-page'
import { chooseNotices, useNotices } from './browser-notices'
import type { Kind } from './fold'
import { t } from './messages'
import { preferencesQuery, useUpdateNotificationPreferences } from './queries'

const KINDS: Kind[] = ['mentioned', 'requester_replied', 'assigned', 'followed', 'team_unassigned']
const WAYS = ['in_app', 'email', 'digest', 'off'] as const

const hour = (at: number) => `${String(at).padStart(2, '0')}:00`

/** The page on which an agent chooses which notifications they receive, and how. */
export function NotificationSettings() {
  const { data, error, refetch } = useQuery(preferencesQuery)
  const update = useUpdateNotificationPreferences()
  const select = 'h-9 rounded-md border border-check bg-raised px-1.5 disabled:text-dim max-md:h-11'
  return (
    <SettingsPage title={t.title}>
      {error && !data ? (
        <ErrorState error={error} retry={() => refetch()} />
      ) : (
        <>
          <SettingsSection title={t.ways.title} hint={t.ways.hint}>
            <table className="w-full border-collapse">
              <thead>
                <tr className="border-b border-line text-[12px] text-dim">
                  <th scope="col" className="py-2 text-start font-medium">
                    {t.ways.when}
                  </th>
                  {WAYS.map((way) => (
                    <th key={way} scope="col" className="w-[84px] py-2 text-center font-medium max-sm:w-[58px]">
                      {t.ways[way]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {KINDS.map((kind) => (
                  <tr key={kind} className="border-b border-line">
                    <th scope="row" className="py-2.5 text-start font-normal">
                      <span className="block">{t.kinds[kind].label}</span>
                      <span className="block text-[12px] text-dim">{t.kinds[kind].hint}</span>
                    </th>
                    {WAYS.map((way) => (
                      <td key={way} className="p-0 text-center">
                        {data ? (
                          // The whole cell is the target.
                          <label className="grid h-14 cursor-pointer place-items-center hover:bg-hover">
                            <input
                              type="radio"
                              name={kind}
                              className="size-4 accent-accent max-md:size-6"
                              aria-label={`${t.kinds[kind].label}: ${t.ways[way]}`}
                              checked={data[kind] === way}
                              onChange={() => void update({ [kind]: way })}
                            />
                          </label>
                        ) : (
                          <span className="mx-auto block size-4 rounded-full bg-hover" />
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </SettingsSection>
          <SettingsSection title={t.digest.title} hint={t.digest.hint}>
            <div className="flex flex-wrap items-center gap-2.5">
              <select
                aria-label={t.digest.often}
                className={select}
                disabled={!data}
                value={data?.digest_every ?? 'daily'}
                onChange={(event) =>
                  void update({ digest_every: event.target.value === 'hourly' ? 'hourly' : 'daily' })
                }
              >
                <option value="hourly">{t.digest.hourly}</option>
                <option value="daily">{t.digest.daily}</option>
              </select>
              {data?.digest_every !== 'hourly' && (
                <>
                  {t.digest.at}
                  <select
                    aria-label={t.digest.when}
                    className={select}
                    disabled={!data}
                    value={data?.digest_hour ?? 8}
                    onChange={(event) => void update({ digest_hour: Number(event.target.value) })}
                  >
                    {Array.from({ length: 24 }, (_, at) => (
                      <option key={hour(at)} value={at}>
                        {hour(at)}
                      </option>
                    ))}
                  </select>
                  <span className="text-dim">{t.digest.zone}</span>
                </>
              )}
            </div>
          </SettingsSection>
          <BrowserNotices />
        </>
      )}
    </SettingsPage>
  )
}

function BrowserNotices() {
  const notices = useNotices()
  if (notices === 'unknown') return null
  return (
    <SettingsSection title={t.browser.title} hint={t.browser.hint}>
      <Switch label={t.browser.on} checked={notices === 'on'} onChange={(on) => void chooseNotices(on)} />
      {notices === 'refused' && (
        <p role="status" className="mt-1 px-1 text-amber-ink">
          {t.ask.refused}
        </p>
      )}
    </SettingsSection>
  )
}
