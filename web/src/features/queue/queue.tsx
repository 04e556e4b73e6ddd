import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { meQuery } from '@/desk/me'
import { PageFailed, PageMissing, WAY_ON } from '@/desk/page-failed'
import { marksQuery } from '@/desk/reads'
import { countsQuery, type Row } from '@/desk/tickets'
import { useDebouncedCall } from '@/lib/use-debounced'
import { usePhone } from '@/lib/use-media'
import { Chips } from './chips'
import { DisplayMenu } from './display-menu'
import { type Change, countOf, FACETS, type Facet, isNarrowed, readFilters } from './filters'
import { changed, type List } from './list'
import { t } from './messages'
import { dropRowsThatLeft, queueQuery, totalQuery } from './queries'
import { QueueHeader } from './queue-header'
import { Tickets } from './tickets'
import { useFacets } from './use-facets'
import { useList } from './use-list'
import { ViewBar } from './view-bar'
import { builtInOf, titleOf } from './views'

type Preview = (ticket: number, close: () => void) => ReactNode
type Merge = (tickets: number[], close: () => void, merged: () => void) => ReactNode

/**
 * A list of tickets under the filters in the address, or of a saved view, worked through by keyboard: a cursor on one
 * ticket, a selection of several. `preview` draws the ticket under the cursor beside the list; `onPlay` is called when
 * somebody begins to go through the list; `merge` draws the dialog that merges the selected tickets.
 */
export function Queue({ preview, merge, onPlay }: { preview: Preview; merge: Merge; onPlay: () => void }) {
  // The router may hand on keys that are no filters.
  const search = readFilters({ ...useSearch({ from: '/desk/' }) })
  const { list, missing, error, retry } = useList(search)
  if (missing)
    return (
      <PageMissing
        title={t.failed.noView}
        text={t.failed.noViewHint}
        way={
          <Link to="/" search={{}} className={WAY_ON}>
            {t.failed.toAll}
          </Link>
        }
      />
    )
  if (error && !list) return <PageFailed error={error} retry={retry} />
  if (!list) return <section aria-label={t.queue} aria-busy className="flex-1" />
  return <OpenList list={list} preview={preview} merge={merge} onPlay={onPlay} />
}

const NONE: Row[] = []
const NO_MARKS = { unread: [], present: [] }

function OpenList({
  list,
  preview,
  merge,
  onPlay,
}: {
  list: List
  preview: Preview
  merge: Merge
  onPlay: () => void
}) {
  const { filters, view } = list
  const navigate = useNavigate()
  const client = useQueryClient()
  const textBox = useRef<HTMLInputElement>(null)
  const phone = usePhone()
  // Before the first drawing, so that nothing moves once it is seen.
  const listKey = JSON.stringify([view?.id, FACETS.map((facet) => filters[facet]), filters.category, filters.q])
  const drawn = useRef('')
  if (drawn.current !== listKey) {
    drawn.current = listKey
    dropRowsThatLeft(client, list, client.getQueryData(meQuery.queryKey)?.id)
  }
  const query = useInfiniteQuery(queueQuery(list))
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? NONE, [query.data])
  const { data: counts } = useQuery(countsQuery)
  const known = view ? undefined : countOf(filters, counts)
  // A list that is loaded whole has been counted by that.
  const counted = useQuery({
    ...totalQuery(list),
    enabled: Boolean(filters.group) || (known === undefined && query.hasNextPage),
  })
  const complete = query.isSuccess && !query.hasNextPage && !query.isPlaceholderData
  const facets = useFacets(filters)
  const [inSight, setInSight] = useState<number[]>([])
  const [openChip, setOpenChip] = useState<Facet>()
  // A cursor that runs through the list draws nothing here.
  const onInSight = useDebouncedCall(setInSight, 200)
  const { data: marks = NO_MARKS } = useQuery(marksQuery(inSight))
  const set = (change: Change) => navigate({ to: '/', search: changed(list, change), replace: true })
  // What is shown as a chip although the address does not say it.
  const ofDesk = !view && builtInOf(filters)?.key === 'active'
  const implied = list.opaque || filters.status || ofDesk ? undefined : 'active'
  const clearAll = () => {
    const nothing = Object.fromEntries([...FACETS, 'q', 'category'].map((key) => [key, undefined]))
    set(view && !list.opaque ? { ...nothing, category: 'all' } : nothing)
  }
  const many = FACETS.filter((facet) => filters[facet]).length > 1
  return (
    <Tickets
      key={listKey}
      list={list}
      query={query}
      rows={rows}
      counted={known !== undefined ? { count: known, exact: true } : counted.data}
      complete={complete}
      groups={counted.data?.groups}
      marks={marks}
      label={facets.label}
      textBox={textBox}
      onInSight={onInSight}
      onPlay={onPlay}
      onClear={isNarrowed(filters) && !view ? clearAll : undefined}
      set={set}
      preview={preview}
      merge={merge}
      header={(total, narrow, play, select) => (
        <>
          <QueueHeader
            list={list}
            title={titleOf(list, facets.label)}
            total={query.isSuccess ? total : undefined}
            people={marks.present}
            narrow={narrow}
            onPlay={play}
            onSelect={select}
          >
            {!phone && <ViewBar list={list} names={facets.names} />}
          </QueueHeader>
          <div className="flex min-h-10 shrink-0 items-center gap-1 border-b border-line ps-3 pe-3 pb-1.5">
            <Chips
              open={openChip}
              onOpen={setOpenChip}
              filters={filters}
              implied={implied}
              label={facets.label}
              set={set}
              clear={many ? clearAll : undefined}
              textBox={textBox}
              wraps={!phone}
              narrow={narrow}
            >
              {phone && <ViewBar list={list} names={facets.names} />}
            </Chips>
            {facets.failed.length > 0 && (
              <button
                type="button"
                className="flex h-7 shrink-0 items-center gap-1.5 rounded-md bg-danger-soft px-2 text-danger"
                onClick={() => facets.failed.forEach((each) => void each.refetch())}
              >
                <RotateCw size={13} aria-hidden /> {t.failed.lookUps} {t.failed.retry}
              </button>
            )}
            <DisplayMenu filters={filters} set={set} compact={narrow} />
          </div>
        </>
      )}
    />
  )
}
