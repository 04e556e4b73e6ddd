import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useCommands } from '@/desk/commands'
import { PageTitle } from '@/desk/page'
import { type Preferences, preferencesQuery, useUpdateNotificationPreferences } from './queries'

const KINDS = [
  { key: 'mentioned', label: 'Somebody mentions you', hint: 'You or a team of yours, in a message' },
  { key: 'requester_replied', label: 'A requester replies', hint: 'On a ticket that is yours' },
  { key: 'assigned', label: 'A ticket becomes yours', hint: 'By routing or by a colleague' },
  { key: 'followed', label: 'News on what you follow', hint: 'Replies and notes' },
  { key: 'team_unassigned', label: 'A ticket of your team has nobody', hint: 'It waits for somebody to take it' },
] as const satisfies readonly { key: keyof Preferences; label: string; hint: string }[]

const WAYS = [
  { key: 'in_app', label: 'In the app' },
  { key: 'email', label: 'E-mail' },
  { key: 'digest', label: 'Digest' },
  { key: 'off', label: 'Off' },
] as const

const hour = (at: number) => `${String(at).padStart(2, '0')}:00`

/** The page on which an agent chooses which notifications they receive, and how. */
export function NotificationSettings() {
  const { data, error, refetch } = useQuery(preferencesQuery)
  const update = useUpdateNotificationPreferences()
  const router = useRouter()
  // From an e-mail there is nowhere to go back to.
  const back = () => (router.history.canGoBack() ? router.history.back() : router.navigate({ to: '/' }))
  useCommands([{ keys: 'Escape', label: 'Back', run: back }])
  const select = 'h-7 rounded-md border border-line bg-raised px-1.5 disabled:text-dim'
  return (
    <>
      <header className="flex h-12 shrink-0 items-center border-b border-line px-5">
        <PageTitle title="Notifications" />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-[720px] space-y-8 px-5 py-6">
          {error && !data ? (
            <p role="alert">
              {error.message}.{' '}
              <button type="button" className="underline" onClick={() => refetch()}>
                Try again
              </button>
            </p>
          ) : (
            <>
              <section aria-labelledby="ways">
                <h2 id="ways" className="font-semibold">
                  What you are notified of
                </h2>
                <p className="mt-1 mb-3 text-dim">
                  Everything but what is off shows in the app. E-mails go out at once; a digest gathers what you have
                  not read by then.
                </p>
                <table className="w-full border-collapse">
                  <thead>
                    <tr className="border-b border-line text-[12px] text-dim">
                      <th scope="col" className="py-2 text-start font-medium">
                        When
                      </th>
                      {WAYS.map((way) => (
                        <th key={way.key} scope="col" className="w-[84px] py-2 text-center font-medium">
                          {way.label}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {KINDS.map((kind) => (
                      <tr key={kind.key} className="border-b border-line">
                        <th scope="row" className="py-2.5 text-start font-normal">
                          <span className="block">{kind.label}</span>
                          <span className="block text-[12px] text-dim">{kind.hint}</span>
                        </th>
                        {WAYS.map((way) => (
                          <td key={way.key} className="p-0 text-center">
                            {data ? (
                              // The whole cell is the target.
                              <label className="grid h-14 cursor-pointer place-items-center hover:bg-hover">
                                <input
                                  type="radio"
                                  name={kind.key}
                                  className="size-4 accent-accent"
                                  aria-label={`${kind.label}: ${way.label}`}
                                  checked={data[kind.key] === way.key}
                                  onChange={() => update.mutate({ [kind.key]: way.key })}
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
              </section>
              <section aria-labelledby="digest">
                <h2 id="digest" className="font-semibold">
                  Digest
                </h2>
                <p className="mt-1 mb-3 text-dim">One e-mail with what is still unread; none when there is nothing.</p>
                <div className="flex items-center gap-2.5">
                  <select
                    aria-label="How often the digest comes"
                    className={select}
                    disabled={!data}
                    value={data?.digest_every ?? 'daily'}
                    onChange={(event) =>
                      update.mutate({ digest_every: event.target.value === 'hourly' ? 'hourly' : 'daily' })
                    }
                  >
                    <option value="hourly">Every hour</option>
                    <option value="daily">Every day</option>
                  </select>
                  {data?.digest_every !== 'hourly' && (
                    <>
                      at
                      <select
                        aria-label="When the daily digest comes"
                        className={select}
                        disabled={!data}
                        value={data?.digest_hour ?? 8}
                        onChange={(event) => update.mutate({ digest_hour: Number(event.target.value) })}
                      >
                        {Array.from({ length: 24 }, (_, at) => (
                          <option key={hour(at)} value={at}>
                            {hour(at)}
                          </option>
                        ))}
                      </select>
                      <span className="text-dim">in your time zone</span>
                    </>
                  )}
                </div>
              </section>
            </>
          )}
        </div>
      </div>
    </>
  )
}
