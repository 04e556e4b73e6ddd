import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import { CheckCircle2, Hand, X } from 'lucide-react'
import {
  type CSSProperties,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { statusesQuery } from '@/desk/config'
import type { Row } from '@/desk/tickets'
import type { Schemas } from '@/lib/api/client'
import { useMedia } from '@/lib/use-media'
import { columnsFor, templateOf, useWidths } from './columns'
import { DENSITIES, useDisplay } from './display'
import { type Entry, type Group, keyOf } from './entries'
import { FilterProblem, notUnderstood } from './filter-problem'
import type { Change, Facet } from './filters'
import { GroupHead } from './group-head'
import type { List } from './list'
import { t } from './messages'
import { BEYOND, observeScroll } from './observe-scroll'
import { PHONE_ROW, PhoneRow } from './phone-row'
import { HEAD, QueueHead } from './queue-head'
import { opensElsewhere, QueueRow, QueueSkeleton, rowId } from './queue-row'
import type { Present } from './row-parts'
import { useColumnNames } from './use-column-names'
import type { useCursor } from './use-cursor'
import { SCROLLER } from './use-kept-position'
import type { useSelection } from './use-selection'
import { knowSwipe, useKnowsSwipe } from './use-swipe'

interface Props {
  list: List
  query: UseInfiniteQueryResult
  rows: Row[]
  entries: Entry[]
  cursor: ReturnType<typeof useCursor>
  selection: ReturnType<typeof useSelection>
  selecting: boolean
  marks: Schemas['TicketMarks']
  problems: ReadonlyMap<number, string>
  groups: Schemas['GroupCount'][] | undefined
  label: (facet: Facet, value: string) => string
  narrow: boolean
  phone: boolean
  startTop: number
  /** Room at the end for what lies over the list, in pixels. */
  reserved: number
  onInSight: (ids: number[]) => void
  onOpen: (row: Row) => void
  onFold: (at: number) => void
  onMenu: (at: number) => void
  onAct: (row: Row, act: 'solve' | 'take' | 'assign') => void
  onClear: (() => void) | undefined
  onSort: (sort: string | undefined) => void
  set: (change: Change) => void
}

const GROUP = 36

/** The rows that are in sight, drawn as a grid whose cursor screen readers follow. */
export function QueueGrid(props: Props) {
  const { list, query, rows, entries, cursor, selection, narrow, phone, reserved } = props
  const scroller = useRef<HTMLDivElement>(null)
  const unclear = notUnderstood(query.error)
  const { density } = useDisplay()
  const touched = useMedia('(any-pointer: coarse)')
  const names = useColumnNames()
  const widths = useWidths()
  const [room, setRoom] = useState(1100)
  const height = phone ? PHONE_ROW : DENSITIES[density]
  const head = phone ? 0 : HEAD
  const columns = useMemo(
    () => columnsFor(list.filters.columns?.split(',').filter(Boolean) ?? [], narrow, room),
    [list.filters.columns, narrow, room],
  )
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (entries[index]?.kind === 'group' ? GROUP : height),
    getItemKey: (index) => (entries[index] ? keyOf(entries[index]) : index),
    overscan: BEYOND,
    observeElementOffset: observeScroll,
    initialOffset: props.startTop,
    paddingStart: head,
    // The last rows stay in reach above what lies over them.
    paddingEnd: reserved,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights changed
  useLayoutEffect(() => virtual.measure(), [height, entries])
  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    if (props.startTop) box.scrollTop = props.startTop
    // Whoever comes to the list has the keyboard in it, unless they are somewhere in the page already.
    const main = document.getElementById('main')
    if (!main?.contains(document.activeElement) && !document.activeElement?.closest('[role=dialog]'))
      box.focus({ preventScroll: true })
    const watch = new ResizeObserver(() => setRoom(box.clientWidth))
    watch.observe(box)
    return () => watch.disconnect()
  }, [props.startTop])

  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (query.isPlaceholderData || query.isFetchingNextPage || !query.hasNextPage || query.isFetchNextPageError) return
    if (last >= entries.length - 30) query.fetchNextPage()
  }, [last, entries.length, query])

  const inSight = items
    .map(({ index }) => entries[index])
    .flatMap((entry) => (entry?.kind === 'row' ? entry.row.id : []))
    .slice(0, 100)
    .join(',')
  const { onInSight } = props
  useEffect(() => onInSight(inSight ? inSight.split(',').map(Number) : []), [inSight, onInSight])

  // The cursor is brought into sight when a key has moved it.
  const at = cursor.at
  const moved = useRef(at)
  useEffect(() => {
    const box = scroller.current
    const place = virtual.measurementsCache[at]
    if (moved.current !== at && box && place) {
      const { scrollTop, clientHeight } = box
      // The library's own way would draw the rows once more, and lay them out twice.
      if (place.start < scrollTop + head) box.scrollTop = place.start - head
      else if (place.end > scrollTop + clientHeight - reserved) box.scrollTop = place.end - clientHeight + reserved
    }
    moved.current = at
  }, [at, virtual, head, reserved])

  // The rows keep these callbacks; what they do is looked up when they are called.
  const now = useRef(props)
  now.current = props
  const callbacks = useMemo(() => {
    const rowAt = (index: number) => {
      const entry = now.current.entries[index]
      return entry?.kind === 'row' ? entry : undefined
    }
    return {
      open: (index: number, event: MouseEvent) => {
        const entry = rowAt(index)
        if (!entry || opensElsewhere(event)) return
        event.preventDefault()
        now.current.cursor.moveTo(index)
        if (!now.current.narrow) now.current.onOpen(entry.row)
      },
      pick: (index: number, range: boolean) => {
        const entry = rowAt(index)
        if (!entry) return
        now.current.cursor.moveTo(index)
        now.current.selection.toggle(entry.index, range)
      },
      menu: (index: number) => now.current.onMenu(index),
      fold: (index: number) => now.current.onFold(index),
      act: (index: number, act: 'solve' | 'take' | 'assign') => {
        const entry = rowAt(index)
        if (entry) now.current.onAct(entry.row, act)
      },
    }
  }, [])

  const unread = useMemo(() => new Set(props.marks.unread), [props.marks])
  const people = useMemo(() => {
    const on = new Map<number, Present[]>()
    for (const each of props.marks.present) on.set(each.ticket_id, [...(on.get(each.ticket_id) ?? []), each])
    return on
  }, [props.marks])
  const { data: statuses } = useQuery(statusesQuery)
  const by = list.filters.group
  const nameOf = useCallback(
    ({ value }: Group): string => {
      if (!by) return ''
      if (!value) return by === 'assignee' ? t.group.unassigned : by === 'team' ? t.group.noTeam : t.group.none
      if (by === 'requester' || by === 'organization') {
        const row = rows.find((each) => String(each[by]?.id) === value)
        return row?.[by]?.name ?? value
      }
      return by.startsWith('custom.') ? value : props.label(by as Facet, value)
    },
    [by, rows, props.label],
  )
  const here = cursor.here && keyOf(cursor.here)
  const drawn = items.some(({ index }) => index === at)
  return (
    <>
      <div
        ref={scroller}
        id={SCROLLER}
        role="grid"
        aria-label={t.list}
        aria-rowcount={query.hasNextPage ? -1 : entries.length + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable
        aria-activedescendant={here !== undefined && drawn ? rowId(here) : undefined}
        aria-busy={query.isPending || query.isPlaceholderData}
        tabIndex={0}
        className={clsx(
          'relative min-h-0 flex-1 overflow-auto overscroll-contain outline-none',
          query.isPlaceholderData && 'opacity-60',
        )}
        style={{ '--columns': templateOf(columns, widths) } as CSSProperties}
      >
        {!phone && (
          <QueueHead
            columns={columns}
            names={names}
            sort={list.filters.sort ?? '-updated_at'}
            all={selection.all}
            some={selection.some}
            onAll={selection.toggleAll}
            onSort={props.onSort}
          />
        )}
        {query.isPending && (
          <div role="presentation">
            {Array.from({ length: 16 }, (_, i) => (
              <QueueSkeleton key={String(i)} height={height} />
            ))}
          </div>
        )}
        {query.error && !rows.length ? (
          <Notice columns={columns.length}>
            {unclear.length ? (
              <FilterProblem keys={unclear} filters={list.filters} set={props.set} />
            ) : (
              <ErrorState title={t.failed.title} error={query.error} retry={() => void query.refetch()} />
            )}
          </Notice>
        ) : (
          query.isSuccess &&
          rows.length === 0 && (
            <Notice columns={columns.length}>
              <EmptyState
                icon={<CheckCircle2 size={20} />}
                title={t.empty.title}
                action={
                  props.onClear && (
                    <Button variant="chip" onClick={props.onClear}>
                      {t.empty.clear}
                    </Button>
                  )
                }
              >
                {props.onClear ? t.empty.widen : t.empty.done}
              </EmptyState>
            </Notice>
          )
        )}
        {entries.length > 0 && (
          <div role="presentation" style={{ height: virtual.getTotalSize() - head }}>
            {items.map(({ index, start: top, key }) => {
              const entry = entries[index]
              if (!entry) return null
              // Rows are placed from the top of the list, below its head.
              if (entry.kind === 'group')
                return (
                  <GroupHead
                    key={key}
                    group={entry}
                    by={by ?? ''}
                    name={nameOf(entry)}
                    category={
                      by === 'status' ? statuses?.items.find((each) => each.key === entry.value)?.category : undefined
                    }
                    count={props.groups?.find((each) => (each.key ?? '') === entry.value)?.count}
                    at={index}
                    start={top}
                    height={GROUP}
                    current={index === at}
                    columns={columns.length + 1}
                    onFold={callbacks.fold}
                  />
                )
              const { row } = entry
              const common = {
                row,
                at: index,
                start: top,
                current: index === at,
                picked: selection.has(row.id),
                unread: unread.has(row.id),
                people: people.get(row.id),
                problem: props.problems.get(row.id),
                onOpen: callbacks.open,
                onPick: callbacks.pick,
                onMenu: callbacks.menu,
              }
              return phone ? (
                <PhoneRow key={key} {...common} selecting={props.selecting} onAct={callbacks.act} />
              ) : (
                <QueueRow key={key} {...common} height={height} columns={columns} />
              )
            })}
          </div>
        )}
      </div>
      {query.isFetchNextPageError && (
        <p
          role="alert"
          className="flex items-center justify-center gap-2 border-t border-line bg-panel p-2 text-danger"
        >
          {t.failed.more}
          <Button variant="chip" onClick={() => void query.fetchNextPage()}>
            {t.failed.retry}
          </Button>
        </p>
      )}
      {phone && touched && rows.length > 0 && !props.selecting && !props.reserved && <SwipeHint />}
    </>
  )
}

/** What stands in a grid in place of rows is a row too. */
const Notice = ({ columns, children }: { columns: number; children: React.ReactNode }) => (
  <div role="row">
    <div role="gridcell" aria-colspan={columns + 1} className="flex min-h-64">
      {children}
    </div>
  </div>
)

/** Goes after two swipes, or by its button. */
function SwipeHint() {
  if (useKnowsSwipe()) return null
  return (
    <div
      role="note"
      className="flex min-h-11 items-center gap-2 border-t border-line bg-accent-soft ps-4 pe-1 text-accent"
    >
      <Hand size={16} className="shrink-0" aria-hidden />
      <span className="min-w-0 flex-1 py-1 leading-4">{t.swipe.hint}</span>
      <Button aria-label={t.swipe.hide} className="h-11 w-11 justify-center" onClick={knowSwipe}>
        <X size={16} aria-hidden />
      </Button>
    </div>
  )
}
