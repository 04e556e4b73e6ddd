import { Link } from '@tanstack/react-router'
import { Activity, Bell, Contrast, KeyRound, UserRound } from 'lucide-react'
import { t } from './messages'

const PAGES = [
  { to: '/settings/profile', label: t.pages.profile, icon: UserRound },
  { to: '/settings/work', label: t.pages.work, icon: Activity },
  { to: '/settings/appearance', label: t.pages.appearance, icon: Contrast },
  { to: '/settings/notifications', label: t.pages.notifications, icon: Bell },
  { to: '/settings/security', label: t.pages.security, icon: KeyRound },
] as const

/** The pages of settings. */
export const SettingsPane = () => (
  <>
    <header className="flex h-12 shrink-0 items-center ps-4">
      <strong className="font-semibold">{t.settings}</strong>
    </header>
    <nav aria-label={t.settings} className="min-h-0 flex-1 space-y-px overflow-y-auto px-2">
      {PAGES.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className="flex h-11 items-center gap-2.5 rounded-md px-2 hover:bg-hover aria-[current=page]:bg-chosen aria-[current=page]:font-medium md:h-7"
        >
          <Icon size={16} className="shrink-0 text-dim" aria-hidden />
          <span className="truncate">{label}</span>
        </Link>
      ))}
    </nav>
  </>
)
