import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { CircleUser, Hourglass, Inbox, LogOut, Moon, Pause, Plus, Star, Sun, Triangle, UserX } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Kbd } from '@/components/ui/kbd'
import { Menu } from '@/components/ui/menu'
import { logOut, meQuery, useUpdateMe } from '@/features/auth/queries'
import { CreateTicket } from '@/features/queue/create-ticket'
import type { Filters } from '@/features/queue/filters'
import { countsQuery, teamsQuery } from '@/features/queue/queries'
import { useLive } from '@/realtime/use-live'
import { handleKey, useCommands } from './commands'
import { Shortcuts } from './shortcuts'
import { toggleTheme, useTheme } from './theme'

const VIEWS: { key: string; label: string; icon: ReactNode; filters: Filters }[] = [
  { key: 'mine', label: 'Assigned to me', icon: <CircleUser size={16} />, filters: { assignee: 'me' } },
  { key: 'active', label: 'All active', icon: <Inbox size={16} />, filters: {} },
  { key: 'unassigned', label: 'Unassigned', icon: <UserX size={16} />, filters: { assignee: 'none' } },
  { key: 'waiting', label: 'Waiting on customer', icon: <Hourglass size={16} />, filters: { category: 'pending' } },
  { key: 'on_hold', label: 'On hold', icon: <Pause size={16} />, filters: { category: 'on_hold' } },
  { key: 'all', label: 'Everything', icon: <Star size={16} />, filters: { category: 'all' } },
]

const AVAILABILITY = { online: 'Available', away: 'Away', busy: 'Busy', offline: 'Offline' } as const

/** Everything around a page: rail, views with live counts, and who is signed in. */
export function Shell() {
  const navigate = useNavigate()
  const { data: me } = useQuery(meQuery)
  const { data: counts } = useQuery(countsQuery)
  const { data: teams } = useQuery(teamsQuery)
  const updateMe = useUpdateMe()
  const theme = useTheme()
  const [creating, setCreating] = useState(false)
  const [help, setHelp] = useState(false)
  useLive()
  useEffect(() => {
    window.addEventListener('keydown', handleKey)
    return () => window.removeEventListener('keydown', handleKey)
  }, [])
  const go = (search: Filters) => navigate({ to: '/', search })
  useCommands([
    { keys: 'c', label: 'Create a ticket', run: () => setCreating(true) },
    { keys: '?', label: 'All shortcuts', run: () => setHelp(true) },
    { keys: 'g m', label: 'Go to Assigned to me', run: () => go({ assignee: 'me' }) },
    { keys: 'g a', label: 'Go to All active', run: () => go({}) },
    { keys: 'g u', label: 'Go to Unassigned', run: () => go({ assignee: 'none' }) },
    { keys: 'g e', label: 'Go to Everything', run: () => go({ category: 'all' }) },
  ])

  const row =
    'flex h-7 items-center gap-2.5 rounded-md px-2 text-ink hover:bg-hover aria-[current=page]:bg-chosen aria-[current=page]:font-medium'
  const count = 'ml-auto text-dim'
  return (
    <div className="flex h-full">
      <nav aria-label="Main" className="flex w-[52px] flex-col items-center gap-2 bg-rail py-2.5 text-rail-ink">
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
        <header className="flex h-12 items-center justify-between px-3.5">
          <strong className="font-semibold">Inbox</strong>
          <button
            type="button"
            className="grid size-7 place-items-center rounded-md hover:bg-hover"
            onClick={() => setCreating(true)}
            aria-label="Create a ticket"
          >
            <Plus size={17} />
          </button>
        </header>
        <nav aria-label="Views" className="space-y-px px-2">
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
        <span className="flex-1" />
        {me && (
          <Menu
            label="Your availability"
            trigger={
              <button
                type="button"
                className="flex w-full items-center gap-2.5 border-t border-line px-3 py-2 text-left hover:bg-hover"
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
                key: 'log-out',
                label: 'Log out',
                icon: <LogOut size={14} />,
                run: () => logOut().then(() => location.assign('/log-in')),
              },
            ]}
          />
        )}
      </aside>

      <main className="flex min-w-0 flex-1 flex-col bg-canvas">
        <Outlet />
        <footer className="flex h-8 shrink-0 items-center gap-4 border-t border-line bg-panel px-4 text-[12px] text-dim">
          <span>
            <Kbd>J</Kbd> <Kbd>K</Kbd> move
          </span>
          <span>
            <Kbd>X</Kbd> select
          </span>
          <span>
            <Kbd>I</Kbd> assign to me
          </span>
          <span>
            <Kbd>E</Kbd> solve
          </span>
          <span>
            <Kbd>?</Kbd> all shortcuts
          </span>
        </footer>
      </main>
      <CreateTicket open={creating} onClose={() => setCreating(false)} />
      <Shortcuts open={help} onClose={() => setHelp(false)} />
    </div>
  )
}
