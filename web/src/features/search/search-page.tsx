import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import clsx from 'clsx'
import { Search, SearchX } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { useCommands } from '@/desk/commands'
import { PageTitle } from '@/desk/page'
import { remember } from '@/desk/recent'
import { searchQuery } from '@/desk/search/queries'
import { SearchField } from '@/desk/search/search-field'
import { ticketNumber } from '@/desk/search/tokens'
import { useRowKeys } from '@/desk/use-row-keys'
import { Corrections } from './corrections'
import { Help } from './help'
import { t } from './messages'
import { PeopleFound } from './people-found'
import { Problems, problemsIn, wrongParts } from './problems'
import { Result } from './result'
import { useQuestion } from './use-question'

/** The search as a page: what is typed stands in the address, and the results follow it. */
export function SearchPage() {
  const { q = '' } = useSearch({ from: '/desk/search' })
  const navigate = useNavigate()
  const { draft, caret, change, commit, replace } = useQuestion(q)
  const query = useInfiniteQuery(searchQuery(q))
  const [help, setHelp] = useState(false)
  const list = useRef<HTMLOListElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const focusField = () => head.current?.querySelector<HTMLInputElement>('input')?.focus()
  const keys = useRowKeys(list, focusField)
  useCommands([{ keys: '/', label: t.toField, run: focusField }])

  const pages = q ? (query.data?.pages ?? []) : []
  const rows = pages.flatMap((page) => page.items)
  const problems = query.error && !query.isFetching ? problemsIn(query.error) : []
  const stale = query.isPlaceholderData || (query.isError && rows.length > 0)
  const number = ticketNumber(q)
  const open = (id: string) => navigate({ to: '/tickets/$id', params: { id } })

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
    <div className="flex min-h-0 flex-1">
      <section className="flex min-w-0 flex-1 flex-col" aria-label={t.title}>
        <header ref={head} className="shrink-0 space-y-2 border-b border-line px-3 pt-2.5 pb-2 md:px-4">
          <PageTitle title={q ? t.titleOf(q) : t.title} className="lg:sr-only">
            {t.title}
          </PageTitle>
          <SearchField
            autoFocus={!q}
            draft={draft}
            caret={caret}
            wrong={wrongParts(problems, draft)}
            describedBy={problems.length ? 'search-problems' : undefined}
            onChange={change}
            onEnter={() => {
              const jump = ticketNumber(draft.pills.length ? '' : draft.text)
              if (jump) return open(jump)
              const question = commit()
              if (question) remember('searches', question)
              keys.first()
            }}
            onDown={keys.first}
            onEscape={keys.first}
            onHelp={() => setHelp(true)}
          />
          <div className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1">
            <p role="status" className="font-semibold">
              {q && !problems.length && (query.isPending ? t.searching : t.found(rows.length, Boolean(hasNextPage)))}
            </p>
            {pages[0] && !problems.length && (
              <Corrections corrections={pages[0].corrections} question={q} replace={replace} />
            )}
          </div>
          <Problems id="search-problems" problems={problems} question={q} />
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {number && (
            <div className="border-b border-line px-3 py-2 md:px-4">
              <Button variant="chip" onClick={() => open(number)}>
                {t.jump(number)}
              </Button>
            </div>
          )}
          <PeopleFound question={q} className="border-b border-line xl:hidden" narrow />
          {q === '' && <Start onTry={replace} />}
          {q !== '' && query.isPending && Array.from({ length: 7 }, (_, i) => <ResultSkeleton key={String(i)} />)}
          {query.error && !problems.length && rows.length === 0 && (
            <ErrorState error={query.error} retry={() => query.refetch()} />
          )}
          {query.isSuccess && !query.isPlaceholderData && q !== '' && rows.length === 0 && !hasNextPage && (
            <EmptyState icon={<SearchX size={20} />} title={t.nothing}>
              {draft.pills.length && !draft.text.trim() ? t.notInWords : t.nothingText}
            </EmptyState>
          )}
          {rows.length > 0 && (
            <ol
              ref={list}
              aria-label={t.results}
              aria-busy={stale}
              onKeyDown={keys.onKeyDown}
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
        </div>
      </section>
      {q !== '' && (
        <aside
          aria-label={t.people}
          className="hidden w-[296px] shrink-0 overflow-y-auto border-s border-line bg-panel xl:block"
        >
          <PeopleFound question={q} />
        </aside>
      )}
      <Help open={help} onClose={() => setHelp(false)} />
    </div>
  )
}

const Start = ({ onTry }: { onTry: (question: string) => void }) => (
  <EmptyState
    icon={<Search size={20} />}
    title={t.start}
    action={
      <div className="flex flex-wrap justify-center gap-2" role="group" aria-label={t.try}>
        {t.examples.map((example) => (
          <Button key={example} variant="chip" onClick={() => onTry(example)}>
            {example}
          </Button>
        ))}
      </div>
    }
  >
    {t.startText}
  </EmptyState>
)

/** As tall as a result with a line of text and one of tags. */
const ResultSkeleton = () => (
  <div className="flex h-[94px] gap-3 border-b border-line px-4 py-3" aria-hidden>
    <Skeleton className="size-4 rounded-full" />
    <div className="flex-1 space-y-2.5">
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-3.5 w-5/6" />
      <Skeleton className="h-3.5 w-1/3" />
    </div>
  </div>
)
