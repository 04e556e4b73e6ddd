import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { Plus, Search, Trash2, Users } from 'lucide-react'
import { ListFailed } from '@/components/picker/list-failed'
import { Kbd } from '@/components/ui/kbd'
import { runCommand } from '@/desk/commands'
import { teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { countsQuery } from '@/desk/tickets'
import { SavedViews } from '@/features/queue/saved-views'
import { VIEWS } from '@/features/queue/views'
import { number } from '@/lib/messages'
import { t } from './messages'

const ROW =
  'flex h-11 items-center gap-2.5 rounded-md px-2 text-ink hover:bg-hover aria-[current=page]:bg-chosen aria-[current=page]:font-medium md:h-7'
const COUNT = 'ms-auto ps-2 text-dim'

/** The pane of the inbox: the views and the teams with their live counts. */
export function InboxPane() {
  const { data: counts } = useQuery(countsQuery)
  const { data: teams, isError, refetch } = useQuery(teamsQuery)
  const { data: me } = useQuery(meQuery)
  return (
    <>
      <header className="flex h-12 shrink-0 items-center justify-between ps-4 pe-2.5">
        <strong className="font-semibold">{t.inbox}</strong>
        <button
          type="button"
          className="grid size-7 place-items-center rounded-md hover:bg-hover max-lg:hidden"
          onClick={() => runCommand('new-ticket')}
          aria-label={t.createTicket}
        >
          <Plus size={17} />
        </button>
      </header>
      <button
        type="button"
        className="mx-2 mb-2 flex h-11 shrink-0 items-center gap-1.5 rounded-md border border-line bg-raised px-1.5 text-dim hover:bg-hover md:h-7"
        onClick={() => runCommand('palette')}
      >
        <Search size={15} aria-hidden />
        <span className="flex-1 truncate text-start">{t.searchOrJump}</span>
        <span className="max-md:hidden">
          <Kbd>{/Mac/.test(navigator.platform) ? '⌘K' : 'Ctrl K'}</Kbd>
        </span>
      </button>
      <nav aria-label={t.views} className="min-h-0 flex-1 space-y-px overflow-y-auto px-2">
        {VIEWS.map((view) => (
          <Link
            key={view.key}
            to="/"
            search={view.filters}
            activeOptions={{ exact: true, includeSearch: true }}
            className={ROW}
          >
            <span className="text-dim">{view.icon}</span>
            <span className="truncate">{view.label}</span>
            <span className={COUNT}>{counts ? number(Number(counts.views[view.key] ?? 0)) : ''}</span>
          </Link>
        ))}
        <SavedViews rowClass={ROW} countClass={COUNT} />
        <h2 className="px-2 pt-4 pb-1.5 text-[12px] font-medium text-dim">{t.teams}</h2>
        {isError && !teams && <ListFailed retry={() => void refetch()} />}
        {teams?.items.map((team) => (
          <Link
            key={team.id}
            to="/"
            search={{ team: String(team.id) }}
            activeOptions={{ exact: true, includeSearch: true }}
            className={ROW}
          >
            <span className="mx-1 size-2 shrink-0 rounded-[2px]" style={{ background: team.color }} />
            <span className="truncate" dir="auto">
              {team.name}
            </span>
            <span className={COUNT}>{number(Number(counts?.teams[String(team.id)] ?? 0))}</span>
          </Link>
        ))}
        {/* A phone's bar has no room for them. */}
        <Link to="/customers" className={clsx(ROW, 'mt-4 md:hidden')}>
          <span className="text-dim">
            <Users size={16} />
          </span>
          <span className="truncate">{t.customers}</span>
        </Link>
        {me?.role === 'admin' && (
          <Link to="/trash" className={clsx(ROW, 'md:mt-4')}>
            <span className="text-dim">
              <Trash2 size={16} />
            </span>
            <span className="truncate">{t.trash}</span>
          </Link>
        )}
      </nav>
    </>
  )
}
