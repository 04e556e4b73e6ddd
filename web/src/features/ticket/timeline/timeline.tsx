import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ChevronsDownUp, History, RotateCw } from 'lucide-react'
import { Fragment, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { agentsOf, teamsQuery } from '@/desk/config'
import { useFieldWords } from '@/desk/field-words'
import { type MessageItem, type TimelineFilter, timelineQuery } from '@/desk/timeline'
import { useTimes } from '@/desk/times'
import { customValuesOf, draw, toEntries } from './entries'
import { EventLine } from './event-line'
import { t } from './messages'
import { useLinkedMessage } from './use-linked-message'
import { scrollerOf, useScroll } from './use-scroll'

/** Messages, changes and decisions of routing in the order in which they happened, day by day, from the newest back. */
export function Timeline({
  ticket,
  message,
  filter,
  onFilter,
  onWhy,
  onSplit,
}: {
  ticket: number
  /** Draws a reply or a note, as a list item with the id `message-31`. */
  message: (item: MessageItem) => ReactNode
  filter: TimelineFilter
  onFilter: (filter: TimelineFilter) => void
  onWhy?: () => void
  onSplit?: (merged: number) => void
}) {
  const query = useInfiniteQuery(timelineQuery(ticket, filter))
  const { data: teams } = useQuery(teamsQuery)
  const { day } = useTimes()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const box = useRef<HTMLElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const { data: items, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const words = useFieldWords(useMemo(() => (items ?? []).flatMap(customValuesOf), [items]))
  const entries = useMemo(() => {
    const agents = new Map(agentsOf(teams).map(({ id, name }) => [id, name]))
    return toEntries(items ?? [], { ticket, words, nameOf: (id) => agents.get(id) })
  }, [items, ticket, words, teams])
  const drawn = useMemo(() => draw(entries, day, open), [entries, day, open])
  const { leaveEnd } = useScroll(box, list, entries[0]?.key)

  const loadEarlier = useCallback(() => {
    leaveEnd()
    void fetchNextPage()
  }, [fetchNextPage, leaveEnd])
  const missing = useLinkedMessage({
    items: query.isPlaceholderData ? undefined : items,
    hasEarlier: hasNextPage,
    loading: isFetchingNextPage || query.isFetchNextPageError,
    loadEarlier,
    onJump: leaveEnd,
  })
  const top = useRef<HTMLDivElement>(null)
  // Whoever scrolls up finds what came earlier there.
  useEffect(() => {
    const mark = top.current
    if (!mark || !hasNextPage || isFetchingNextPage || query.isFetchNextPageError) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && loadEarlier(), {
      root: scrollerOf(box.current),
      rootMargin: '400px 0px 0px',
    })
    observer.observe(mark)
    return () => observer.disconnect()
  }, [hasNextPage, isFetchingNextPage, query.isFetchNextPageError, loadEarlier])

  return (
    <section
      ref={box}
      aria-label={t.conversation}
      aria-busy={query.isPending || isFetchingNextPage}
      tabIndex={0}
      className={clsx(
        'min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-5 py-4 [overflow-anchor:none] max-md:px-3',
        query.isPlaceholderData && 'opacity-60',
      )}
    >
      {query.isPending && <TimelineSkeleton />}
      {query.isError && !items && <Failure text={t.failed} retry={() => query.refetch()} />}
      <div ref={top} className="mx-auto max-w-[740px]">
        {hasNextPage && !query.isFetchNextPageError && (
          <Button
            className="mx-auto mb-3 flex text-dim max-md:h-11"
            disabled={isFetchingNextPage}
            onClick={loadEarlier}
          >
            <History size={14} aria-hidden /> {isFetchingNextPage ? t.loadingEarlier : t.earlier}
          </Button>
        )}
        {query.isFetchNextPageError && <Failure text={t.failedEarlier} retry={loadEarlier} />}
        {missing && (
          <p role="alert" className="mb-3 rounded-md bg-hover px-3 py-2 text-dim">
            {t.notFound}
          </p>
        )}
      </div>
      {query.isSuccess && !hasNextPage && drawn.length === 0 && (
        <p className="py-10 text-center text-dim">
          {t.nothing[filter]}{' '}
          {filter !== 'all' && (
            <Button variant="chip" onClick={() => onFilter('all')}>
              {t.showAll}
            </Button>
          )}
        </p>
      )}
      <ol ref={list} className="mx-auto max-w-[740px] space-y-4">
        {drawn.map((entry) => {
          switch (entry.kind) {
            case 'day':
              return <Day key={entry.key} name={entry.name} />
            case 'fold':
              return (
                <li key={entry.key} className="ps-10">
                  <button
                    type="button"
                    className="flex h-6 items-center gap-1.5 rounded px-1.5 text-[12px] text-dim hover:bg-hover max-md:h-11"
                    onClick={() => setOpen(new Set(open).add(entry.key))}
                  >
                    <ChevronsDownUp size={13} aria-hidden /> {t.fold(entry.hidden.length)}
                  </button>
                </li>
              )
            case 'message':
              return <Fragment key={entry.key}>{message(entry.item)}</Fragment>
            default:
              return <EventLine key={entry.key} entry={entry} onWhy={onWhy} onSplit={onSplit} />
          }
        })}
      </ol>
    </section>
  )
}

const Failure = ({ text, retry }: { text: string; retry: () => void }) => (
  <div
    role="alert"
    className="mx-auto mb-3 flex max-w-[740px] flex-wrap items-center gap-3 rounded-lg bg-danger-soft px-3.5 py-2.5"
  >
    <span className="flex-1">{text}</span>
    <Button variant="chip" onClick={retry}>
      <RotateCw size={14} aria-hidden /> {t.tryAgain}
    </Button>
  </div>
)

const Day = ({ name }: { name: string }) => (
  <li className="flex items-center gap-3 text-[12px] text-dim">
    <span className="h-px flex-1 bg-line" />
    {name}
    <span className="h-px flex-1 bg-line" />
  </li>
)

const TimelineSkeleton = () => (
  <div className="mx-auto max-w-[740px] space-y-5" aria-hidden>
    {['w-3/4', 'w-full', 'w-1/2'].map((width) => (
      <div key={width} className="flex gap-3">
        <span className="size-7 shrink-0 animate-pulse rounded-full bg-hover" />
        <span className="flex-1 space-y-2 pt-1">
          <span className="block h-3 w-32 animate-pulse rounded bg-hover" />
          <span className={clsx('block h-12 animate-pulse rounded-lg bg-hover', width)} />
        </span>
      </div>
    ))}
  </div>
)
