import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus, Search } from 'lucide-react'
import { Kbd } from '@/components/ui/kbd'
import { teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { countsQuery } from '@/desk/tickets'
import { VIEWS } from '@/features/queue/views'
import { AvailabilityMenu } from './availability-menu'

const ROW =
  'flex h-7 items-center gap-2.5 rounded-md px-2 text-ink hover:bg-hover aria-[current=page]:bg-chosen aria-[current=page]:font-medium'
const COUNT = 'ml-auto text-dim'

/** The views and the teams with their live counts, and the signed-in agent. */
export function Sidebar({ onCreate, onSearch }: { onCreate: () => void; onSearch: () => void }) {
  const { data: me } = useQuery(meQuery)
  const { data: counts } = useQuery(countsQuery)
  const { data: teams } = useQuery(teamsQuery)
  return (
    <aside aria-label="Views" className="flex w-[224px] shrink-0 flex-col border-r border-line bg-panel">
      <header className="flex h-12 shrink-0 items-center justify-between pr-2.5 pl-4">
        <strong className="font-semibold">Inbox</strong>
        <button
          type="button"
          className="grid size-7 place-items-center rounded-md hover:bg-hover"
          onClick={onCreate}
          aria-label="Create a ticket"
        >
          <Plus size={17} />
        </button>
      </header>
      <button
        type="button"
        className="mx-2 mb-2 flex h-7 shrink-0 items-center gap-1.5 rounded-md border border-line bg-raised px-1.5 text-dim hover:bg-hover"
        onClick={onSearch}
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
            className={ROW}
          >
            <span className="text-dim">{view.icon}</span>
            {view.label}
            <span className={COUNT}>{counts ? Number(counts.views[view.key] ?? 0).toLocaleString() : ''}</span>
          </Link>
        ))}
        <h2 className="px-2 pt-5 pb-1.5 text-[12px] font-medium text-dim">Teams</h2>
        {teams?.items.map((team) => (
          <Link
            key={team.id}
            to="/"
            search={{ team: String(team.id) }}
            activeOptions={{ exact: true, includeSearch: true }}
            className={ROW}
          >
            <span className="mx-1 size-2 rounded-[2px]" style={{ background: team.color }} />
            {team.name}
            <span className={COUNT}>{Number(counts?.teams[String(team.id)] ?? 0).toLocaleString()}</span>
          </Link>
        ))}
      </nav>
      {me && <AvailabilityMenu me={me} />}
    </aside>
  )
}
