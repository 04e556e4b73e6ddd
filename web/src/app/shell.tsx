import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { Bell, Inbox, LogOut, Moon, Plus, Search, Sun, SunMoon, Triangle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Kbd } from '@/components/ui/kbd'
import { Menu } from '@/components/ui/menu'
import { logOut, meQuery, useUpdateMe } from '@/features/auth/queries'
import { Palette } from '@/features/palette/palette'
import { CreateTicket } from '@/features/queue/create-ticket'
import type { Filters } from '@/features/queue/filters'
import { countsQuery, teamsQuery } from '@/features/queue/queries'
import { VIEWS } from '@/features/queue/views'
import { onSessionEnd } from '@/lib/api/client'
import { useLive } from '@/realtime/use-live'
import { handleKey, useCommands } from './commands'
import { Hints } from './hints'
import { Shortcuts } from './shortcuts'
import { toggleTheme, useTheme } from './theme'
import { TimesIn } from './times'

const AVAILABILITY = { online: 'Available', away: 'Away', busy: 'Busy', offline: 'Offline' } as const

const leave = () => logOut().then(() => location.assign('/log-in'))

/** Everything around a page: rail, views with live counts, and who is signed in. */
export function Shell() {
  const navigate = useNavigate()
  const router = useRouter()
  const { data: me } = useQuery(meQuery)
  const { data: counts } = useQuery(countsQuery)
  const { data: teams } = useQuery(teamsQuery)
  const updateMe = useUpdateMe()
  const theme = useTheme()
  const [overlay, setOverlay] = useState<'create' | 'help' | 'palette' | null>(null)
  const close = () => setOverlay(null)
  useLive()
  useEffect(() => {
    const palette = (event: KeyboardEvent) => {
      const mod = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
      if (!mod || event.key.toLowerCase() !== 'k') return
      // Never the browser's own; while somebody writes, not ours either.
      event.preventDefault()
      if (event.target instanceof HTMLElement && event.target.isContentEditable) return
      setOverlay((now) => (now === 'palette' ? null : 'palette'))
    }
    window.addEventListener('keydown', handleKey)
    window.addEventListener('keydown', palette)
    return () => {
      window.removeEventListener('keydown', handleKey)
      window.removeEventListener('keydown', palette)
    }
  }, [])
  // A session that ran out: log in, then come back to where this was.
  useEffect(
    () => onSessionEnd(() => router.navigate({ to: '/log-in', search: { from: router.state.location.href } })),
    [router],
  )
  const go = (search: Filters) => navigate({ to: '/', search })
  useCommands(
    [
      { keys: 'c', label: 'New ticket', group: 'Actions', icon: <Plus size={16} />, run: () => setOverlay('create') },
      {
        keys: '',
        label: theme === 'dark' ? 'Use the light theme' : 'Use the dark theme',
        group: 'Actions',
        icon: <SunMoon size={16} />,
        run: toggleTheme,
      },
      {
        keys: '',
        label: 'Notification settings',
        group: 'Go to',
        icon: <Bell size={16} />,
        run: () => navigate({ to: '/settings/notifications' }),
      },
      { keys: '', label: 'Log out', group: 'Actions', icon: <LogOut size={16} />, run: leave },
      { keys: '?', label: 'All shortcuts', group: 'Actions', run: () => setOverlay('help') },
      ...VIEWS.map(({ keys, label, icon, filters }) => ({
        keys,
        label,
        icon,
        group: 'Go to' as const,
        run: () => go(filters),
      })),
      ...(teams?.items ?? []).map((team) => ({
        keys: '',
        label: team.name,
        icon: <span className="size-2 rounded-[2px]" style={{ background: team.color }} />,
        group: 'Teams' as const,
        run: () => go({ team: String(team.id) }),
      })),
    ],
    true,
  )

  const row =
    'flex h-7 items-center gap-2.5 rounded-md px-2 text-ink hover:bg-hover aria-[current=page]:bg-chosen aria-[current=page]:font-medium'
  const count = 'ml-auto text-dim'
  return (
    <TimesIn zone={me?.time_zone} locale={me?.locale}>
      <div className="flex h-full">
        <nav
          aria-label="Main"
          className="flex w-[52px] shrink-0 flex-col items-center gap-2 bg-rail py-2.5 text-rail-ink"
        >
          <div className="mb-2 grid size-8 place-items-center rounded-lg bg-[#9ff0e0] text-[#0b5f5a]" title="AutoCRM">
            <Triangle size={16} strokeWidth={2.5} aria-hidden />
          </div>
          <Link to="/" className="grid size-9 place-items-center rounded-lg bg-rail-active" aria-label="Inbox">
            <Inbox size={18} />
          </Link>
          <span className="flex-1" />
          <button
            type="button"
            className="grid size-9 place-items-center rounded-lg hover:bg-rail-active"
            onClick={toggleTheme}
            aria-label={theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'}
          >
            {theme === 'dark' ? <Sun size={17} /> : <Moon size={17} />}
          </button>
        </nav>

        <aside aria-label="Views" className="flex w-[224px] shrink-0 flex-col border-r border-line bg-panel">
          <header className="flex h-12 shrink-0 items-center justify-between pr-2.5 pl-4">
            <strong className="font-semibold">Inbox</strong>
            <button
              type="button"
              className="grid size-7 place-items-center rounded-md hover:bg-hover"
              onClick={() => setOverlay('create')}
              aria-label="Create a ticket"
            >
              <Plus size={17} />
            </button>
          </header>
          <button
            type="button"
            className="mx-2 mb-2 flex h-7 shrink-0 items-center gap-1.5 rounded-md border border-line bg-raised px-1.5 text-dim hover:bg-hover"
            onClick={() => setOverlay('palette')}
          >
            <Search size={15} aria-hidden />
            <span className="flex-1 truncate text-left">Search or jump to…</span>
            <Kbd>{/Mac/.test(navigator.platform) ? '⌘K' : 'Ctrl K'}</Kbd>
          </button>
          <nav aria-label="Views" className="min-h-0 flex-1 space-y-px overflow-y-auto px-2">
            {VIEWS.map((view) => (
              <Link
                key={view.key}
                to="/"
                search={view.filters}
                activeOptions={{ exact: true, includeSearch: true }}
                className={row}
              >
                <span className="text-dim">{view.icon}</span>
                {view.label}
                <span className={count}>{counts ? Number(counts.views[view.key] ?? 0).toLocaleString() : ''}</span>
              </Link>
            ))}
            <h2 className="px-2 pt-5 pb-1.5 text-[12px] font-medium text-dim">Teams</h2>
            {teams?.items.map((team) => (
              <Link
                key={team.id}
                to="/"
                search={{ team: String(team.id) }}
                activeOptions={{ exact: true, includeSearch: true }}
                className={row}
              >
                <span className="mx-1 size-2 rounded-[2px]" style={{ background: team.color }} />
                {team.name}
                <span className={count}>{Number(counts?.teams[String(team.id)] ?? 0).toLocaleString()}</span>
              </Link>
            ))}
          </nav>
          {me && (
            <Menu
              label="Your availability"
              trigger={
                <button
                  type="button"
                  className="flex w-full shrink-0 items-center gap-2.5 border-t border-line px-3 py-2 text-left hover:bg-hover"
                  aria-label={`${me.name}: availability`}
                >
                  <Avatar name={me.name} size={30} online={me.availability === 'online'} />
                  <span className="min-w-0">
                    <span className="block truncate font-medium">{me.name}</span>
                    <span className="block text-[11px] leading-4 text-dim">
                      {AVAILABILITY[me.availability as keyof typeof AVAILABILITY]} · {me.open_tickets} of {me.capacity}{' '}
                      slots
                    </span>
                  </span>
                </button>
              }
              items={[
                ...Object.entries(AVAILABILITY).map(([key, label]) => ({
                  key,
                  label,
                  chosen: me.availability === key,
                  run: () => updateMe.mutate({ availability: key }),
                })),
                {
                  key: 'notifications',
                  label: 'Notification settings',
                  icon: <Bell size={14} />,
                  run: () => navigate({ to: '/settings/notifications' }),
                },
                { key: 'log-out', label: 'Log out', icon: <LogOut size={14} />, run: leave },
              ]}
            />
          )}
        </aside>

        <main className="relative flex min-w-0 flex-1 flex-col bg-canvas">
          <Outlet />
          <Hints />
        </main>
        <CreateTicket open={overlay === 'create'} onClose={close} />
        <Shortcuts open={overlay === 'help'} onClose={close} />
        <Palette open={overlay === 'palette'} onClose={close} />
      </div>
    </TimesIn>
  )
}
