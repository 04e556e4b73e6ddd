import { useQuery } from '@tanstack/react-query'
import { Users } from 'lucide-react'
import { matchSorter } from 'match-sorter'
import { useEffect, useId, useImperativeHandle, useState } from 'react'
import { createPortal } from 'react-dom'
import { ListFailed } from '@/components/picker/list-failed'
import { retryOf } from '@/components/picker/reads'
import { Avatar } from '@/components/ui/avatar'
import { agentsOf, teamsQuery } from '@/desk/config'
import type { ListProps, Mentioned } from '@/desk/editor/suggest'
import { keepClear } from '@/lib/keep-clear'
import { t } from './messages'

const MOST = 8
/** The bars at either end of a page for writing: they stay whole. */
const BAR = 64
const TALLEST = 256

/** The colleagues and teams that fit what is typed after `@`. The editor keeps the focus. */
export default function MentionList({
  ref,
  query,
  rect,
  onPick,
  onActive,
}: Omit<ListProps, 'range'> & { onPick: (chosen: Mentioned) => void }) {
  const id = useId()
  const read = useQuery(teamsQuery)
  const { data: teams } = read
  const [cursor, setCursor] = useState(0)
  const all = [
    ...agentsOf(teams).map((agent) => ({ id: `user:${agent.id}`, label: agent.name, hint: '', color: '' })),
    ...(teams?.items ?? [])
      .filter(({ active }) => active)
      .map((team) => ({ id: `team:${team.id}`, label: team.name, hint: t.team, color: team.color })),
  ]
  const found = matchSorter(all, query, {
    keys: ['label'],
    threshold: matchSorter.rankings.WORD_STARTS_WITH,
    baseSort: (one, other) => one.index - other.index,
  }).slice(0, MOST)
  const at = Math.min(cursor, found.length - 1)
  const current = found[at]?.id
  useEffect(() => {
    onActive(`${id}-list`, current && `${id}-${current}`)
    if (current) document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, current, onActive])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another word begins at its best match
  useEffect(() => setCursor(0), [query])
  useImperativeHandle(ref, () => ({
    press: (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      const chosen = found[at]
      if (step && found.length) setCursor((at + step + found.length) % found.length)
      else if ((event.key === 'Enter' || event.key === 'Tab') && chosen && !event.ctrlKey && !event.metaKey)
        onPick(chosen)
      else return false
      return true
    },
  }))
  const retry = retryOf([read])
  if (!rect || (!found.length && !retry)) return null
  const view = window.visualViewport
  const room = {
    above: rect.top - BAR - (view?.offsetTop ?? 0),
    below: (view ? view.offsetTop + view.height : window.innerHeight) - rect.bottom - BAR,
  }
  const above = room.below < TALLEST && room.above > room.below
  return createPortal(
    <div
      ref={keepClear}
      className="fixed z-50 flex w-56 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-pop"
      style={{
        maxHeight: Math.max(96, Math.min(TALLEST, above ? room.above : room.below)),
        left: Math.max(8, Math.min(rect.left, window.innerWidth - 232)),
        ...(above ? { bottom: window.innerHeight - rect.top + 4 } : { top: rect.bottom + 4 }),
      }}
    >
      {retry && <ListFailed retry={retry} />}
      {/* What scrolls can be reached; the editor keeps the keyboard all the same. */}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t.mentions}
        tabIndex={0}
        onMouseDown={(event) => event.preventDefault()}
        className="min-h-0 overflow-auto p-1 empty:hidden"
      >
        {found.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the editor has the keys
          <div
            key={choice.id}
            id={`${id}-${choice.id}`}
            role="option"
            aria-selected={index === at}
            className="flex h-8 items-center gap-2 rounded-md px-2 aria-selected:bg-accent-soft max-md:h-11"
            onMouseMove={() => setCursor(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(choice)}
          >
            {choice.id.startsWith('user') ? (
              <Avatar name={choice.label} size={20} />
            ) : (
              <span className="grid size-5 place-items-center rounded text-white" style={{ background: choice.color }}>
                <Users size={12} aria-hidden />
              </span>
            )}
            <span dir="auto" className="min-w-0 flex-1 truncate">
              {choice.label}
            </span>
            <span className="text-[12px] text-dim">{choice.hint}</span>
          </div>
        ))}
      </div>
    </div>,
    // Within the page's landmark, for those who go by landmarks.
    document.getElementById('main') ?? document.body,
  )
}
