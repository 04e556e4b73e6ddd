import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import clsx from 'clsx'
import { SearchX } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { remember } from '@/desk/recent'
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'
import { Result } from './result'
import { ResultSkeleton } from './result-skeleton'

/** The tickets that were found; the next page comes before the end of the list is reached. */
export function TicketResults({
  q,
  query,
  understood,
  askedBy,
  onKeyDown,
}: {
  q: string
  query: UseInfiniteQueryResult<InfiniteData<Schemas['FoundPage']>>
  /** Otherwise the error is told beside the question. */
  understood: boolean
  /** What could be left out when nothing is found. */
  askedBy: 'words' | 'filters' | 'both'
  onKeyDown: (event: KeyboardEvent) => void
}) {
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const stale = query.isPlaceholderData || (query.isError && rows.length > 0)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const end = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (!end.current || !hasNextPage || isFetchingNextPage) return
    const watcher = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void fetchNextPage()
      },
      { rootMargin: '400px' },
    )
    watcher.observe(end.current)
    return () => watcher.disconnect()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <>
      {query.isPending && Array.from({ length: 7 }, (_, i) => <ResultSkeleton key={String(i)} />)}
      {query.error && understood && rows.length === 0 && (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      )}
      {query.isSuccess && !query.isPlaceholderData && rows.length === 0 && !hasNextPage && (
        <EmptyState icon={<SearchX size={20} />} title={t.nothing}>
          {t.nothingText[askedBy]}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <ol
          aria-label={t.results}
          aria-busy={stale}
          onKeyDown={onKeyDown}
          className={clsx('transition-opacity', stale && 'opacity-55')}
        >
          {rows.map((row) => (
            <Result key={row.id} row={row} question={q} onOpen={() => remember('searches', q)} />
          ))}
          {hasNextPage && (
            <li ref={end} className="px-4 py-3 text-center">
              <Button variant="chip" disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
                {isFetchingNextPage ? t.loading : t.more}
              </Button>
            </li>
          )}
        </ol>
      )}
    </>
  )
}
