import { Link } from '@tanstack/react-router'
import { Bell, CircleUser, Inbox, Play, Plus, Search } from 'lucide-react'
import { runCommand, useHasCommand } from '@/desk/commands'
import { keepClear } from '@/lib/keep-clear'
import { t } from './messages'
import { Badge, bellLabel } from './rail'

const ITEM =
  'relative flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-lg text-[11px] leading-4 max-[360px]:tracking-tighter text-dim aria-[current=page]:text-accent'

/** What a phone has instead of the rail: within reach of the thumb. Its middle plays the queue that is shown. */
export function BottomBar({
  unread,
  bell,
  onBell,
  onCreate,
}: {
  unread: number
  bell: boolean
  onBell: () => void
  onCreate: () => void
}) {
  const playable = useHasCommand('play-queue')
  return (
    <nav
      ref={keepClear}
      aria-label={t.rail}
      className="flex shrink-0 items-center border-t border-line bg-panel px-2 max-[360px]:px-0.5 pb-[env(safe-area-inset-bottom)] md:hidden max-md:[main:has([data-page-acts])~&]:hidden"
    >
      <Link to="/" className={ITEM} activeOptions={{ exact: true, includeSearch: false }}>
        <Inbox size={20} aria-hidden />
        <span className="max-w-full truncate">{t.inbox}</span>
      </Link>
      <Link to="/search" className={ITEM}>
        <Search size={20} aria-hidden />
        <span className="max-w-full truncate">{t.search}</span>
      </Link>
      <button
        type="button"
        className="mx-1 grid h-11 w-16 shrink-0 place-items-center max-[360px]:mx-0 max-[360px]:w-12 rounded-full bg-accent text-accent-ink"
        aria-label={playable ? t.playQueue : t.newTicket}
        onClick={() => (playable ? runCommand('play-queue') : onCreate())}
      >
        {playable ? <Play size={20} fill="currentColor" aria-hidden /> : <Plus size={22} aria-hidden />}
      </button>
      <button
        type="button"
        className={ITEM}
        onClick={onBell}
        aria-label={bellLabel(unread)}
        aria-expanded={bell}
        data-bell
      >
        <span className="relative">
          <Bell size={20} aria-hidden />
          <Badge count={unread} className="-end-2.5" />
        </span>
        <span className="max-w-full truncate" aria-hidden>
          {t.notifications}
        </span>
      </button>
      <Link to="/settings" className={ITEM}>
        <CircleUser size={20} aria-hidden />
        <span className="max-w-full truncate">{t.me}</span>
      </Link>
    </nav>
  )
}
