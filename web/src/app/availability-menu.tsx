import { useNavigate } from '@tanstack/react-router'
import { Bell, Circle, CircleMinus, Clock, LogOut, Moon, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Menu } from '@/components/ui/menu'
import { AVAILABILITIES, type Availability, useUpdateMe } from '@/desk/me'
import { logOut } from '@/features/auth/queries'
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'

const ICONS: Record<Availability, ReactNode> = {
  online: <Circle size={12} className="fill-green text-green" />,
  away: <Moon size={14} />,
  busy: <CircleMinus size={14} />,
  offline: <Circle size={12} />,
}

/** The signed-in agent, with the menu for their availability, their settings and log-out. */
export function AvailabilityMenu({ me }: { me: Schemas['Me'] }) {
  const navigate = useNavigate()
  const updateMe = useUpdateMe()
  const reason = me.availability_reason ? `: ${me.availability_reason}` : ''
  const state = `${t.states[me.availability]}${reason} · ${t.slots(me.open_tickets, me.capacity)}`
  return (
    <Menu
      label={t.availability}
      trigger={
        <button
          type="button"
          className="flex w-full shrink-0 items-center gap-2.5 border-t border-line px-3 py-2 text-start hover:bg-hover"
          aria-label={t.availabilityOf(me.name)}
        >
          <Avatar name={me.name} size={30} online={me.availability === 'online'} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium" dir="auto">
              {me.name}
            </span>
            <span className="block truncate text-[11px] leading-4 text-dim" title={state}>
              {state}
            </span>
          </span>
        </button>
      }
      items={[
        ...AVAILABILITIES.map((key) => ({
          key,
          label: t.states[key],
          icon: ICONS[key],
          chosen: me.availability === key,
          run: () => updateMe.mutate({ availability: key }),
        })),
        { key: 'reason', label: t.sayWhy, icon: <Clock size={14} />, run: () => navigate({ to: '/settings/work' }) },
        {
          key: 'profile',
          label: t.profile,
          icon: <UserRound size={14} />,
          run: () => navigate({ to: '/settings/profile' }),
        },
        {
          key: 'notifications',
          label: t.notificationSettings,
          icon: <Bell size={14} />,
          run: () => navigate({ to: '/settings/notifications' }),
        },
        { key: 'log-out', label: t.logOut, icon: <LogOut size={14} />, run: () => void logOut() },
      ]}
    />
  )
}
