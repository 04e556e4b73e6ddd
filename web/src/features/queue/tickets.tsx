import { type UseInfiniteQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, type RefObject, Suspense, useMemo, useRef, useState } from 'react'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import { AskRequired } from '@/desk/ask-required'
import { meQuery } from '@/desk/me'
import { usePrefetchedTicket } from '@/desk/prefetch-ticket'
import { useProblemWords } from '@/desk/problem-words'
import { QUEUE_KEY, type Row, TOTAL_KEY } from '@/desk/tickets'
import type { Schemas } from '@/lib/api/client'
import { keepClear, noticePlace } from '@/lib/keep-clear'
import { useDebounced } from '@/lib/use-debounced'
import { usePhone } from '@/lib/use-media'
import type { ActKind, Aim } from './acts'
import { NewPill, useArrivals } from './arrivals'
import { BulkBar } from './bulk-bar'
import { failedQuery, useCurrentJob } from './bulk-jobs'
import { useDisplay } from './display'
import { type Entry, entriesOf } from './entries'
import { type Change, type Facet, matches } from './filters'
import { type List, selectionOf } from './list'
import { t } from './messages'
import { ActPicker, BulkPanel, RowMenu } from './parts'
import { QueueGrid } from './queue-grid'
import { useCursor } from './use-cursor'
import { useKeptPosition } from './use-kept-position'
import { useQueueCommands } from './use-queue-commands'
import { useSelection } from './use-selection'

interface Total {
  count: number
  exact: boolean
}

interface Props {
  list: List
  query: UseInfiniteQueryResult
  rows: Row[]
  /** How many tickets the list holds; nothing when all of them are loaded, or as long as that is not known. */
  counted: Total | undefined
  /** All of them are loaded. */
  complete: boolean
  groups: Schemas['GroupCount'][] | undefined
  marks: Schemas['TicketMarks']
  label: (facet: Facet, value: string) => string
  textBox: RefObject<HTMLInputElement | null>
  onInSight: (ids: number[]) => void
  onPlay: () => void
  onClear: (() => void) | undefined
  set: (change: Change) => void
  preview: (ticket: number, close: () => void) => ReactNode
  /** Merges tickets, after one has seen what becomes of them. */
  merge: (tickets: number[], close: () => void, merged: () => void) => ReactNode
  header: (total: Total | undefined, narrow: boolean, play: (() => void) | undefined, select: () => void) => ReactNode
}

const NOBODY: ReadonlySet<number> = new Set()

/** The rows of a list with their cursor and their selection, and what is done to them. */
export function Tickets(props: Props) {
  const { list, query, counted, complete, label } = props
  const navigate = useNavigate()
  const client = useQueryClient()
  const { data: me } = useQuery(meQuery)
  const phone = usePhone()
  const display = useDisplay()
  // What was changed here and fits no more is gone at once; what others change stays until the list is read again.
  const [changedHere, setChangedHere] = useState(NOBODY)
  const rows = useMemo(
    () =>
      changedHere.size && !list.opaque
        ? props.rows.filter((row) => !changedHere.has(row.id) || matches(list.filters, row, me?.id))
        : props.rows,
    [props.rows, changedHere, list, me?.id],
  )
  // What has left by an act of one's own does not count any more.
  const total = useMemo(
    () => (complete ? { count: rows.length, exact: true } : counted),
    [complete, rows.length, counted],
  )
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const entries = useMemo(() => entriesOf(rows, list.filters.group, folded), [rows, list.filters.group, folded])
  const { start, keep } = useKeptPosition(list, total)
  const cursor = useCursor(entries, start, changedHere)
  const here = cursor.here?.kind === 'row' ? cursor.here.row : undefined
  keep(here?.id, cursor.at)
  const selection = useSelection(rows)
  const [selecting, setSelecting] = useState(false)
  const [picking, setPicking] = useState<{ kind: ActKind; aim: Aim } | null>(null)
  const [menu, setMenu] = useState<Row>()
  const job = useCurrentJob()
  const failed = useQuery(failedQuery(job?.id ?? 0, job?.failed ?? 0))
  const words = useProblemWords()
  const problems = useMemo(
    () => new Map(job?.failed ? failed.data?.items.map((item) => [item.ticket_id, words.item(item)]) : []),
    [job, failed.data, words.item],
  )
  const shown = useMemo(() => new Set(rows.map((row) => row.id)), [rows])
  const arrivals = useArrivals(list, shown)
  // A held `j` does not load each ticket it passes.
  const near = here ?? entries.slice(cursor.at).find((entry) => entry.kind === 'row')?.row
  const previewed = useDebounced(near?.id, 90)
  usePrefetchedTicket(previewed)
  const narrow = display.preview && !phone && rows.length > 0

  /** The tickets that the next act is for: the selected ones, or the one under the cursor. */
  const aim = (): Aim | undefined => {
    if (selection.whole) return { rows, target: selectionOf(list), count: total?.count ?? rows.length }
    const chosen = selection.count ? rows.filter((row) => selection.has(row.id)) : here ? [here] : []
    return chosen.length ? aimAt(chosen) : undefined
  }
  const acted = ({ rows: those }: Aim) => {
    setChangedHere((now) => new Set([...now, ...those.map(({ id }) => id)]))
    selection.clear()
    setSelecting(false)
    // Of a view that says more than its chips only the API knows what it lets through now.
    if (list.opaque) setTimeout(() => client.invalidateQueries({ queryKey: QUEUE_KEY }), 400)
    client.invalidateQueries({ queryKey: TOTAL_KEY })
  }
  const open = (row: Row | undefined) => row && navigate({ to: '/tickets/$id', params: { id: String(row.id) } })
  const play = rows.length
    ? () => {
        props.onPlay()
        open(here ?? rows[0])
      }
    : undefined
  const fold = (at: number, to?: boolean) => {
    const entry = entries
      .slice(0, at + 1)
      .findLast((each): each is Extract<Entry, { kind: 'group' }> => each.kind === 'group')
    if (!entry) return
    const next = new Set(folded)
    if (to ?? !entry.folded) next.add(entry.value)
    else next.delete(entry.value)
    setFolded(next)
    cursor.moveTo(entries.indexOf(entry))
  }
  const { run } = useQueueCommands({
    list,
    entries,
    cursor,
    selection,
    aim,
    acted,
    open,
    play,
    fold,
    pick: (kind, at) => {
      const target = at ?? aim()
      if (target) setPicking({ kind, aim: target })
    },
    startSelecting: () => setSelecting(true),
    focusFilter: () => props.textBox.current?.focus(),
  })
  // The header is not drawn again for each row that the cursor passes.
  const playNow = useRef(play)
  playNow.current = play
  const playable = rows.length > 0
  const { header: drawHeader } = props
  const header = useMemo(
    () =>
      drawHeader(total, narrow, playable ? () => playNow.current?.() : undefined, () =>
        setSelecting((selecting) => !selecting),
      ),
    [drawHeader, total, narrow, playable],
  )
  const panel = job !== undefined
  const bar = selection.count > 0
  // What lies over the list, and how high it is.
  const [over, setOver] = useState(0)
  return (
    <div className="flex min-h-0 flex-1">
      <section ref={noticePlace} className="relative flex min-w-0 flex-1 flex-col">
        {header}
        {arrivals.count > 0 && (
          <NewPill
            count={arrivals.count}
            onShow={() => {
              arrivals.clear()
              client.invalidateQueries({ queryKey: QUEUE_KEY })
              cursor.moveTo(0)
            }}
          />
        )}
        <QueueGrid
          list={list}
          query={query}
          rows={rows}
          entries={entries}
          cursor={cursor}
          selection={selection}
          selecting={selecting || bar}
          marks={props.marks}
          problems={problems}
          groups={props.groups}
          label={label}
          narrow={narrow}
          phone={phone}
          startTop={start.scrollTop}
          reserved={bar || panel ? over + 24 : 0}
          onInSight={props.onInSight}
          onOpen={open}
          onFold={fold}
          onMenu={(at) => {
            cursor.moveTo(at)
            const entry = entries[at]
            if (entry?.kind === 'row') setMenu(entry.row)
          }}
          onAct={(row, act) => run(act, aimAt([row]))}
          onClear={props.onClear}
          onSort={(sort) => props.set({ sort })}
          set={props.set}
        />
        {(bar || panel) && (
          <div
            ref={(box) => {
              if (!box) return
              const watch = new ResizeObserver(() => setOver(box.offsetHeight))
              watch.observe(box)
              const free = keepClear(box)
              return () => {
                watch.disconnect()
                free?.()
              }
            }}
            className="absolute inset-x-3 bottom-3 z-30 mx-auto max-w-[860px] divide-y divide-line rounded-xl border border-line bg-raised shadow-xl max-md:inset-x-2 max-md:bottom-2"
          >
            <Suspense>{job && <BulkPanel job={job} onSelect={selection.select} />}</Suspense>
            {bar && (
              <BulkBar
                count={selection.count}
                total={total}
                all={selection.whole}
                mayTrash={me?.role === 'admin'}
                act={(kind) => {
                  const target = aim()
                  if (target) setPicking({ kind, aim: target })
                }}
                selectAll={
                  !selection.whole && total && (total.count > selection.count || !total.exact)
                    ? selection.selectWhole
                    : undefined
                }
                clear={() => {
                  selection.clear()
                  setSelecting(false)
                }}
              />
            )}
          </div>
        )}
        {picking?.kind === 'merge' &&
          props.merge(
            picking.aim.rows.map(({ id }) => id),
            () => setPicking(null),
            () => {
              setPicking(null)
              acted(picking.aim)
            },
          )}
        {picking && picking.kind !== 'merge' && (
          <LazyOverlay
            part={ActPicker}
            open
            kind={picking.kind}
            aim={picking.aim}
            onDone={() => setPicking(null)}
            onActed={acted}
          />
        )}
        <AskRequired />
        <LazyOverlay
          part={RowMenu}
          open={menu !== undefined}
          row={menu}
          onAct={(act) => menu && run(act, aimAt([menu]))}
          onClose={() => setMenu(undefined)}
        />
      </section>
      {narrow && previewed !== undefined && (
        <aside
          aria-label={t.preview}
          className="flex w-[clamp(420px,38vw,620px)] shrink-0 flex-col border-s border-line bg-canvas"
        >
          {props.preview(previewed, () => run('closePreview'))}
        </aside>
      )}
    </div>
  )
}

const aimAt = (rows: Row[]): Aim => ({ rows, target: { ids: rows.map(({ id }) => id) }, count: rows.length })
