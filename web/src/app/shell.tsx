import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { Bell, Inbox, LogOut, Moon, Plus, Sun, SunMoon, Triangle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { handleKey, useCommands } from '@/desk/commands'
import { teamsQuery } from '@/desk/config'
import { useLiveUpdates } from '@/desk/live-updates'
import { meQuery } from '@/desk/me'
import { TimesProvider } from '@/desk/times'
import { useUndoKey } from '@/desk/undo-key'
import { logOut } from '@/features/auth/queries'
import { ConnectionBar } from '@/features/connection/connection-bar'
import { CreateTicket } from '@/features/create-ticket/create-ticket'
import { Palette } from '@/features/palette/palette'
import type { Filters } from '@/features/queue/filters'
import { VIEWS } from '@/features/queue/views'
import { onSessionEnd } from '@/lib/api/client'

import { Hints } from './hints'
import { Shortcuts } from './shortcuts'
import { Sidebar } from './sidebar'
import { toggleTheme, useTheme } from './theme'

/** What surrounds every page: the rail, the sidebar, the overlays, the keyboard and the live connection. */
export function Shell() {
  const navigate = useNavigate()
  const router = useRouter()
  const { data: me } = useQuery(meQuery)
  const { data: teams } = useQuery(teamsQuery)
  const theme = useTheme()
  const [overlay, setOverlay] = useState<'create' | 'help' | 'palette' | null>(null)
  const close = () => setOverlay(null)
  useLiveUpdates()
  useUndoKey()
  useEffect(() => {
    const palette = (event: KeyboardEvent) => {
      const mod = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
      if (!mod || event.key.toLowerCase() !== 'k') return
      // In place of the browser's own; not while somebody writes a message.
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
  // After a session has run out: log in, then come back to this page.
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
      { keys: '', label: 'Log out', group: 'Actions', icon: <LogOut size={16} />, run: () => void logOut() },
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

  return (
    <TimesProvider zone={me?.time_zone} locale={me?.locale}>
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

        <Sidebar onCreate={() => setOverlay('create')} onSearch={() => setOverlay('palette')} />

        <main className="relative flex min-w-0 flex-1 flex-col bg-canvas">
          <ConnectionBar />
          <Outlet />
          <Hints />
        </main>
        <CreateTicket open={overlay === 'create'} onClose={close} />
        <Shortcuts open={overlay === 'help'} onClose={close} />
        <Palette open={overlay === 'palette'} onClose={close} />
      </div>
    </TimesProvider>
  )
}
