import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { History, Layers, UserRound, UserX, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { ListFailed } from '@/components/picker/list-failed'
import { StatusIcon } from '@/components/ui/status-icon'
import { statusesQuery, teamsQuery } from '@/desk/config'
import { PANE_ROW, PaneHeading, PaneSection } from '@/desk/pane-parts'
import { forget, useRecent } from '@/desk/recent'
import { toggleFilter, valuesOf } from '@/desk/search/tokens'
import { t } from './messages'

/** The facets of a search, and the last searches. */
export function SearchPane() {
  const { q = '' } = useSearch({ strict: false }) as { q?: string }
  const statusList = useQuery(statusesQuery)
  const teamList = useQuery(teamsQuery)
  const recent = useRecent('searches')
  const facet = (field: string, value: string, label: string, icon: ReactNode) => {
    const on = valuesOf(q, field).includes(value.toLowerCase())
    const next = toggleFilter(q, field, value)
    return (
      <Link
        key={value}
        to="/search"
        search={next ? { q: next } : {}}
        aria-current={on ? 'true' : undefined}
        // The route is current for all of them.
        activeProps={{ 'aria-current': on ? 'true' : undefined }}
        className={`${PANE_ROW} aria-[current=true]:bg-chosen aria-[current=true]:font-medium`}
      >
        <span aria-hidden className="grid w-4 shrink-0 place-items-center text-dim">
          {icon}
        </span>
        <span className="truncate" dir="auto">
          {label}
        </span>
        {on && <X size={14} className="ms-auto text-dim" aria-hidden />}
      </Link>
    )
  }
  const words = ['status', 'team', 'assignee'].reduce((rest, field) => {
    const value = valuesOf(rest, field)[0]
    return value === undefined ? rest : toggleFilter(rest, field, value)
  }, q)
  return (
    <>
      <PaneHeading>{t.title}</PaneHeading>
      <nav aria-label={t.narrow} className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        <Link
          to="/search"
          search={words ? { q: words } : {}}
          aria-current={words === q ? 'true' : undefined}
          activeProps={{ 'aria-current': words === q ? 'true' : undefined }}
          className={`${PANE_ROW} aria-[current=true]:bg-chosen`}
        >
          <Layers size={16} className="text-dim" aria-hidden /> {t.everything}
        </Link>
        <PaneSection title={t.status}>
          {statusList.isError && !statusList.data && <ListFailed retry={() => void statusList.refetch()} />}
          {statusList.data?.items
            .filter(({ active }) => active)
            .map(({ key, label, category }) => facet('status', key, label, <StatusIcon category={category} />))}
        </PaneSection>
        <PaneSection title={t.who}>
          {facet('assignee', 'me', t.mine, <UserRound size={16} aria-hidden />)}
          {facet('assignee', 'none', t.nobody, <UserX size={16} aria-hidden />)}
        </PaneSection>
        <PaneSection title={t.team}>
          {teamList.isError && !teamList.data && <ListFailed retry={() => void teamList.refetch()} />}
          {teamList.data?.items.map(({ name, color }) =>
            facet('team', name, name, <span className="size-2 rounded-[2px]" style={{ background: color }} />),
          )}
        </PaneSection>
        {recent.length > 0 && (
          <PaneSection title={t.recent}>
            {recent.map((question) => (
              <span key={question} className="group relative flex items-center">
                <Link
                  to="/search"
                  search={{ q: question }}
                  activeProps={{ 'aria-current': undefined }}
                  className={`${PANE_ROW} min-w-0 flex-1 pe-8`}
                >
                  <History size={15} className="shrink-0 text-dim" aria-hidden />
                  <span className="truncate" dir="auto">
                    {question}
                  </span>
                </Link>
                <button
                  type="button"
                  aria-label={t.forget(question)}
                  onClick={() => forget('searches', question)}
                  className="absolute end-0.5 grid size-6 place-items-center rounded text-dim opacity-0 in-[.group:hover]:opacity-100 hover:bg-hover focus-visible:opacity-100 max-lg:size-11 max-lg:opacity-100"
                >
                  <X size={13} />
                </button>
              </span>
            ))}
          </PaneSection>
        )}
      </nav>
    </>
  )
}
