/** The keys of a queue, and what its buttons, its menu and its swipes do. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import {
  Building2,
  CheckCircle2,
  CircleUser,
  EyeOff,
  Languages,
  ListChecks,
  PanelRight,
  PenLine,
  Play,
  Shapes,
  SignalHigh,
  Tag,
  Trash2,
  UserPlus,
  Users,
  Zap,
} from 'lucide-react'
import { type Command, useCommands } from '@/desk/commands'
import { statusesQuery, statusOf } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { markUnread } from '@/desk/reads'
import { assign, setStatus, solve, type TicketChange } from '@/desk/ticket-changes'
import type { Row } from '@/desk/tickets'
import { towardsEnd } from '@/lib/direction'
import { type ActKind, type Aim, useActs } from './acts'
import { setDisplay, useDisplay } from './display'
import type { Entry } from './entries'
import type { List } from './list'
import { t } from './messages'
import type { RowAct } from './row-menu'
import type { useCursor } from './use-cursor'
import type { useSelection } from './use-selection'

interface Options {
  list: List
  entries: Entry[]
  cursor: ReturnType<typeof useCursor>
  selection: ReturnType<typeof useSelection>
  aim: () => Aim | undefined
  /** Called with the tickets that an act was made on. */
  acted: (aim: Aim) => void
  open: (row: Row | undefined) => void
  play: (() => void) | undefined
  /** Folds or unfolds the group of an entry; by default the other way round. */
  fold: (at: number, to?: boolean) => void
  pick: (kind: ActKind, aim?: Aim) => void
  startSelecting: () => void
  focusFilter: () => void
}

export type QueueAct = RowAct | 'assign' | 'closePreview'

export function useQueueCommands(options: Options) {
  const { entries, cursor, selection, aim, acted, open, play, fold, pick } = options
  const client = useQueryClient()
  const { data: me } = useQuery(meQuery)
  const { data: statuses } = useQuery(statusesQuery)
  const { preview } = useDisplay()
  const { change } = useActs()
  const here = cursor.here
  const row = here?.kind === 'row' ? here.row : undefined

  const apply = (what: TicketChange | undefined, to = aim()) => {
    if (!what || !to) return
    change(to, what)
    acted(to)
  }
  const applyStatusOf = async (category: string) => {
    // A key can come before the statuses: it is not swallowed, and acts on what it was pressed on.
    const to = aim()
    if (!to) return
    const known = statuses ?? (await client.ensureQueryData(statusesQuery).catch(() => undefined))
    const status = statusOf(known, category)
    apply(category === 'solved' ? solve(known) : status && setStatus(status), to)
  }
  const take = (to = aim()) => me && apply(assign(me), to)
  const unread = (of: Row | undefined) => {
    if (of) void markUnread(client, of.id)
  }
  const groupRows = (value: string, at: number): number[] => {
    const ids: number[] = []
    for (const entry of entries.slice(at + 1)) {
      if (entry.kind === 'group') break
      ids.push(entry.row.id)
    }
    return value === undefined ? [] : ids
  }
  const select = () => {
    if (here?.kind === 'group') selection.toggleSome(groupRows(here.value, cursor.at))
    else if (here) selection.toggle(here.index)
  }
  const leave = () => (selection.count ? selection.clear() : preview && setDisplay({ preview: false }))
  const extend = (step: number) => {
    if (here?.kind === 'row' && !selection.has(here.row.id)) selection.toggle(here.index)
    const next = entries[cursor.at + step]
    if (!next) return
    cursor.moveTo(cursor.at + step)
    if (next.kind === 'row' && !selection.has(next.row.id)) selection.toggle(next.index)
  }
  const page = () => Math.max(5, Math.floor((document.getElementById('queue-rows')?.clientHeight ?? 600) / 40) - 3)

  // As a tree folds where one reads from the right, too.
  const [toStart, toEnd] =
    towardsEnd() > 0 ? (['ArrowLeft', 'ArrowRight'] as const) : (['ArrowRight', 'ArrowLeft'] as const)
  const statusCommands = (
    [
      ['o', 'open'],
      ['p', 'pending'],
      ['h', 'on_hold'],
      ['s', 'solved'],
    ] as const
  ).map(([key, category]): Command => {
    const status = statusOf(statuses, category)
    return {
      keys: `s ${key}`,
      label: t.keys.status(status?.label ?? t.category[category]),
      run: () => void applyStatusOf(category),
    }
  })
  const picks: [string, string, ActKind, Command['icon']][] = [
    ['a', t.keys.assign, 'assignee', <UserPlus key="a" size={16} />],
    ['t', t.keys.team, 'team', <Users key="t" size={16} />],
    ['p', t.keys.priority, 'priority', <SignalHigh key="p" size={16} />],
    ['l', t.keys.tags, 'tags', <Tag key="l" size={16} />],
    ['m', t.keys.macro, 'macro', <Zap key="m" size={16} />],
    ['', t.keys.type, 'type', <Shapes key="type" size={16} />],
    ['', t.keys.requester, 'requester', <CircleUser key="requester" size={16} />],
    ['', t.keys.organization, 'organization', <Building2 key="organization" size={16} />],
    ['', t.keys.language, 'language', <Languages key="language" size={16} />],
    ['', t.keys.field, 'field', <PenLine key="field" size={16} />],
  ]
  useCommands([
    { keys: 'j', label: t.keys.next, run: cursor.moveOn },
    { keys: 'k', label: t.keys.previous, run: () => cursor.moveTo(cursor.at - 1) },
    { keys: 'ArrowDown', label: t.keys.next, run: cursor.moveOn },
    { keys: 'ArrowUp', label: t.keys.previous, run: () => cursor.moveTo(cursor.at - 1) },
    { keys: 'Home', label: t.keys.first, run: () => cursor.moveTo(0) },
    { keys: 'End', label: t.keys.last, run: () => cursor.moveTo(entries.length - 1) },
    { keys: 'PageDown', label: t.keys.next, run: () => cursor.moveTo(cursor.at + page()) },
    { keys: 'PageUp', label: t.keys.previous, run: () => cursor.moveTo(cursor.at - page()) },
    { keys: 'J', label: t.keys.select, run: () => extend(1) },
    { keys: 'K', label: t.keys.select, run: () => extend(-1) },
    {
      keys: 'Enter',
      label: t.keys.open,
      run: () => (here?.kind === 'group' ? fold(cursor.at) : open(row)),
    },
    {
      keys: 'Space',
      label: preview ? t.keys.closePreview : t.keys.preview,
      group: 'Actions',
      icon: <PanelRight size={16} />,
      run: () => setDisplay({ preview: !preview }),
    },
    { keys: 'x', label: t.keys.select, run: select },
    {
      keys: 'A',
      label: t.keys.selectAll,
      group: 'Actions',
      icon: <ListChecks size={16} />,
      run: selection.selectWhole,
    },
    { keys: 'Escape', label: t.keys.escape, run: leave },
    { keys: '/', label: t.keys.filter, run: options.focusFilter },
    { keys: 'i', label: t.keys.take, group: 'Actions', icon: <UserPlus size={16} />, run: () => take() },
    {
      keys: 'e',
      label: t.keys.solve,
      group: 'Actions',
      icon: <CheckCircle2 size={16} />,
      run: () => apply(solve(statuses)),
    },
    ...statusCommands,
    ...picks.map(
      ([keys, label, kind, icon]): Command => ({ keys, label, icon, group: 'Actions', run: () => pick(kind) }),
    ),
    { keys: 'u', label: t.keys.unread, group: 'Actions', icon: <EyeOff size={16} />, run: () => unread(row) },
    ...(selection.count > 1 && !selection.whole
      ? [{ keys: 'M', label: t.keys.merge, group: 'Actions' as const, run: () => pick('merge') }]
      : []),
    ...(me?.role === 'admin'
      ? [
          {
            keys: '#',
            label: t.keys.trash,
            group: 'Actions' as const,
            icon: <Trash2 size={16} />,
            run: () => pick('trash'),
          },
        ]
      : []),
    {
      id: 'play-queue',
      keys: 'P',
      label: t.keys.play,
      group: 'Actions',
      icon: <Play size={16} />,
      run: () => play?.(),
    },
    ...(options.list.filters.group
      ? [
          { keys: toStart, label: t.keys.fold, run: () => fold(cursor.at, true) },
          { keys: toEnd, label: t.keys.unfold, run: () => fold(cursor.at, false) },
        ]
      : []),
  ])

  /** Does one of the acts that have buttons. */
  const run = (act: QueueAct, to?: Aim) => {
    const [only] = to?.rows ?? []
    switch (act) {
      case 'closePreview':
        return setDisplay({ preview: false })
      case 'open':
        return open(only)
      case 'take':
        return take(to)
      case 'solve':
        return apply(solve(statuses), to)
      case 'unread':
        return unread(only)
      case 'select':
        options.startSelecting()
        return only && selection.toggleSome([only.id])
      case 'assign':
        return pick('assignee', to)
      default:
        return pick(act, to)
    }
  }
  return { run }
}
