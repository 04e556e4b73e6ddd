import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ChevronDown } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { agentsOf, prioritiesQuery, statusesQuery, teamsQuery } from '@/desk/config'
import { FilterBox } from './filter-box'
import type { Filters } from './filters'

const CHANNELS = [
  { key: 'email', label: 'E-mail' },
  { key: 'web', label: 'Web' },
  { key: 'chat', label: 'Chat' },
  { key: 'phone', label: 'Phone' },
  { key: 'api', label: 'API' },
]

const SORTS = [
  { key: '-created_at', label: 'Newest' },
  { key: 'created_at', label: 'Oldest' },
  { key: '-priority', label: 'Priority' },
]

/** The filters above a queue: a box for words of the subject, and a menu for each of the others. */
export function FilterBar({
  filters,
  set,
  narrow,
  textBox,
  children,
}: {
  filters: Filters
  set: (change: Partial<Record<keyof Filters, string | undefined>>) => void
  narrow: boolean
  textBox: Ref<HTMLInputElement>
  children: ReactNode
}) {
  const { data: statuses } = useQuery(statusesQuery)
  const { data: priorities } = useQuery(prioritiesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const menu = (key: keyof Filters, name: string, options: { key: string; label: string }[]) => {
    const chosen = options.find((option) => option.key === filters[key])
    return (
      <Menu
        label={name}
        trigger={
          <Button variant="chip" className={chosen && 'border-accent bg-accent-soft'}>
            {name}
            {chosen && <strong className="font-semibold">{chosen.label}</strong>}
            <ChevronDown size={14} className="text-dim" />
          </Button>
        }
        items={[
          { key: '', label: `Any ${name.toLowerCase()}`, chosen: !chosen, run: () => set({ [key]: undefined }) },
          ...options.map((option) => ({
            key: option.key,
            label: option.label,
            chosen: option === chosen,
            run: () => set({ [key]: option.key }),
          })),
        ]}
      />
    )
  }
  return (
    <div
      className={clsx(
        'flex min-h-10 shrink-0 items-center border-b border-line px-3.5 pb-2',
        narrow ? 'gap-1.5' : 'flex-wrap gap-2',
      )}
    >
      <FilterBox ref={textBox} value={filters.q ?? ''} onChange={(q) => set({ q })} />
      {menu('status', 'Status', statuses?.items ?? [])}
      {menu('priority', 'Priority', priorities?.items ?? [])}
      {menu('assignee', 'Assignee', [
        { key: 'me', label: 'Me' },
        { key: 'none', label: 'Nobody' },
        ...agentsOf(teams).map((agent) => ({ key: String(agent.id), label: agent.name })),
      ])}
      {menu('channel', 'Channel', CHANNELS)}
      {menu('sort', 'Sort', SORTS)}
      {children}
    </div>
  )
}
