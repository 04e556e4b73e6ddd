import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { Bell, Inbox, Moon, Search, SlidersHorizontal, Sun, Triangle, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { toggleTheme, useTheme } from '@/desk/theme'
import { number } from '@/lib/messages'
import { t } from './messages'

const ITEM =
  'relative grid size-9 place-items-center rounded-lg hover:bg-rail-active aria-[current=page]:bg-rail-active'

/** The number beside the bell. */
export const Badge = ({ count, className }: { count: number; className?: string }) =>
  count > 0 && (
    <span
      aria-hidden
      className={clsx(
        'absolute -end-0.5 -top-0.5 h-4 min-w-4 rounded-full bg-[oklch(.78_.11_190)] px-1 text-center text-[11px] leading-4 font-bold text-[oklch(.22_.04_200)]',
        className,
      )}
    >
      {count > 99 ? '99+' : number(count)}
    </span>
  )

export const bellLabel = (unread: number) => (unread ? `${t.notifications}, ${t.unread(unread)}` : t.notifications)

/** The pages of the desk as icons, with the bell, the theme and the settings at its foot. Phones have the bottom bar. */
export function Rail({ unread, bell, onBell }: { unread: number; bell: boolean; onBell: () => void }) {
  const theme = useTheme()
  const themeLabel = theme === 'dark' ? t.useLight : t.useDark
  const destination = (to: string, label: string, icon: ReactNode) => (
    <Link
      to={to}
      className={ITEM}
      aria-label={label}
      title={label}
      activeOptions={{ exact: to === '/', includeSearch: false }}
    >
      {icon}
    </Link>
  )
  return (
    <nav
      aria-label={t.rail}
      className="hidden w-[52px] shrink-0 flex-col items-center gap-1 bg-rail py-2.5 text-rail-ink md:flex"
    >
      <div className="mb-2 grid size-8 place-items-center rounded-lg bg-[#9ff0e0] text-[#0b5f5a]" title="AutoCRM">
        <Triangle size={16} strokeWidth={2.5} aria-hidden />
      </div>
      {destination('/', t.inbox, <Inbox size={18} />)}
      {destination('/search', t.search, <Search size={18} />)}
      {destination('/customers', t.customers, <Users size={18} />)}
      <span className="flex-1" />
      <button
        type="button"
        className={clsx(ITEM, bell && 'bg-rail-active')}
        onClick={onBell}
        aria-label={bellLabel(unread)}
        title={`${t.notifications} (G N)`}
        aria-expanded={bell}
        data-bell
      >
        <Bell size={17} />
        <Badge count={unread} />
      </button>
      <button type="button" className={ITEM} onClick={toggleTheme} aria-label={themeLabel} title={themeLabel}>
        {theme === 'dark' ? <Sun size={17} /> : <Moon size={17} />}
      </button>
      {destination('/settings', t.settings, <SlidersHorizontal size={17} />)}
    </nav>
  )
}
