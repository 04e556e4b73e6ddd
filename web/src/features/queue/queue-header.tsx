import clsx from 'clsx'
import { Globe, ListChecks, Lock, Play, Plus, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { runCommand } from '@/desk/commands'
import { PageTitle } from '@/desk/page'
import { useLiveState } from '@/realtime/live-store'
import type { List } from './list'
import { t } from './messages'
import type { Present } from './row-parts'

/** Who sees a view. */
function Scope({ view }: { view: NonNullable<List['view']> }) {
  const Icon = { private: Lock, team: Users, everyone: Globe }[view.visibility]
  return (
    <span className="flex h-6 items-center gap-1.5 rounded-full bg-hover px-2 text-[12px] text-dim max-lg:hidden">
      <Icon size={13} aria-hidden />
      {view.team ? t.header.team(view.team.name) : view.visibility === 'private' ? t.header.private : t.header.everyone}
    </span>
  )
}

/** The title of a queue, how many tickets it holds, the live connection, who else is there, and how to play it. */
export function QueueHeader({
  list,
  title,
  total,
  people,
  narrow,
  onPlay,
  onSelect,
  children,
}: {
  list: List
  title: string
  total: { count: number; exact: boolean } | undefined
  people: Present[]
  narrow: boolean
  /** Nothing while there is nothing to play. */
  onPlay: (() => void) | undefined
  /** For whoever selects by tapping. */
  onSelect: () => void
  children: ReactNode
}) {
  const live = useLiveState()
  const faces = [...new Map(people.map((each) => [each.id, each.name]))]
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 px-4 whitespace-nowrap max-md:gap-2 max-md:px-3">
      <PageTitle title={title} className="min-w-16 shrink" />
      {list.view && !narrow && <Scope view={list.view} />}
      <span className="shrink-0 text-dim">
        {total && (total.exact ? t.header.tickets(total.count) : t.header.atLeast(total.count))}
      </span>
      <span className="flex items-center gap-1.5 text-dim" role="status">
        <span className={clsx('size-2 shrink-0 rounded-full', live.connected ? 'bg-green' : 'bg-amber')} aria-hidden />
        <span className={clsx(narrow && 'max-xl:sr-only', 'max-md:sr-only')}>
          {live.connected ? t.header.live : t.header.reconnecting}
        </span>
      </span>
      <span className={clsx('contents', narrow && 'max-xl:hidden')}>{children}</span>
      <span className="flex-1" />
      {faces.length > 0 && (
        <span
          role="img"
          aria-label={t.header.around(faces.map(([, name]) => name).join(', '))}
          title={t.header.around(faces.map(([, name]) => name).join(', '))}
          className={clsx('flex -space-x-1.5 max-md:hidden', narrow && 'max-xl:hidden')}
        >
          {faces.slice(0, 4).map(([id, name]) => (
            <span key={id} aria-hidden className="rounded-full ring-2 ring-canvas">
              <Avatar name={name} />
            </span>
          ))}
        </span>
      )}
      <button
        type="button"
        aria-label={t.header.create}
        onClick={() => runCommand('new-ticket')}
        className="grid size-11 shrink-0 place-items-center rounded-md text-dim md:hidden"
      >
        <Plus size={20} aria-hidden />
      </button>
      <button
        type="button"
        aria-label={t.header.select}
        onClick={onSelect}
        className="grid size-11 shrink-0 place-items-center rounded-md text-dim md:hidden"
      >
        <ListChecks size={20} aria-hidden />
      </button>
      {onPlay && (
        <Button
          variant="primary"
          className={clsx('max-md:hidden', narrow && 'px-2')}
          title={t.header.playHint}
          onClick={onPlay}
        >
          <Play size={13} fill="currentColor" aria-hidden />
          <span className={clsx(narrow && 'max-xl:sr-only')}>{t.header.play}</span>
        </Button>
      )}
    </header>
  )
}
