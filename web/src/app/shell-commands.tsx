import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Bell, Inbox, LogOut, PanelLeft, Plus, Search, SlidersHorizontal, SunMoon, Trash2, Users } from 'lucide-react'
import { useCommands } from '@/desk/commands'
import { teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { toggleTheme, useTheme } from '@/desk/theme'
import { logOut } from '@/features/auth/queries'
import { VIEWS } from '@/features/queue/views'
import { t } from './messages'

export type Overlay = 'create' | 'help' | 'palette' | null

/** What can be done on every page, for the keyboard, the palette and the overlay of shortcuts. */
export function useShellCommands({
  show,
  bell,
  togglePane,
}: {
  show: (overlay: Overlay) => void
  bell: () => void
  togglePane: () => void
}) {
  const navigate = useNavigate()
  const { data: teams } = useQuery(teamsQuery)
  const { data: me } = useQuery(meQuery)
  const theme = useTheme()
  useCommands(
    [
      {
        id: 'new-ticket',
        keys: 'c',
        label: t.newTicket,
        group: 'Actions',
        icon: <Plus size={16} />,
        run: () => show('create'),
      },
      { id: 'palette', keys: '', label: t.searchOrJump, run: () => show('palette') },
      {
        keys: '',
        label: theme === 'dark' ? t.useLight : t.useDark,
        group: 'Actions',
        icon: <SunMoon size={16} />,
        run: toggleTheme,
      },
      { keys: '[', label: t.togglePane, group: 'Actions', icon: <PanelLeft size={16} />, run: togglePane },
      { keys: 'g n', label: t.notifications, group: 'Go to', icon: <Bell size={16} />, run: bell },
      {
        keys: 'g i',
        label: t.inbox,
        group: 'Go to',
        icon: <Inbox size={16} />,
        run: () => navigate({ to: '/' }),
      },
      {
        keys: 'g s',
        label: t.search,
        group: 'Go to',
        icon: <Search size={16} />,
        run: () => navigate({ to: '/search' }),
      },
      {
        keys: 'g c',
        label: t.customers,
        group: 'Go to',
        icon: <Users size={16} />,
        run: () => navigate({ to: '/customers' }),
      },
      {
        keys: 'g ,',
        label: t.settings,
        group: 'Go to',
        icon: <SlidersHorizontal size={16} />,
        run: () => navigate({ to: '/settings' }),
      },
      {
        keys: '',
        label: t.notificationSettings,
        group: 'Go to',
        icon: <Bell size={16} />,
        run: () => navigate({ to: '/settings/notifications' }),
      },
      ...(me?.role === 'admin'
        ? [
            {
              keys: 'g t',
              label: t.trash,
              group: 'Go to' as const,
              icon: <Trash2 size={16} />,
              run: () => navigate({ to: '/trash' }),
            },
          ]
        : []),
      {
        id: 'log-out',
        keys: '',
        label: t.logOut,
        group: 'Actions',
        icon: <LogOut size={16} />,
        run: () => void logOut(),
      },
      { keys: '?', label: t.allShortcuts, group: 'Actions', run: () => show('help') },
      ...VIEWS.map(({ keys, label, icon, filters }) => ({
        keys,
        label,
        icon,
        group: 'Go to' as const,
        run: () => navigate({ to: '/', search: filters }),
      })),
      ...(teams?.items ?? []).map((team) => ({
        keys: '',
        label: team.name,
        icon: <span className="size-2 rounded-[2px]" style={{ background: team.color }} />,
        group: 'Teams' as const,
        run: () => navigate({ to: '/', search: { team: String(team.id) } }),
      })),
    ],
    true,
  )
}
