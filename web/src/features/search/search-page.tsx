import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { useCommands } from '@/desk/commands'
import { PageTitle } from '@/desk/page'
import { remember } from '@/desk/recent'
import { searchQuery } from '@/desk/search/queries'
import { SearchField } from '@/desk/search/search-field'
import { ticketNumber } from '@/desk/search/tokens'
import { useRowKeys } from '@/desk/use-row-keys'
import { Corrections } from './corrections'
import { Help } from './help'
import { KindTabs } from './kind-tabs'
import { t } from './messages'
import { NameResults } from './name-results'
import { PeopleFound } from './people-found'
import { Problems, problemsIn, wrongParts } from './problems'
import { TicketResults } from './ticket-results'
import { useNamesFound } from './use-names-found'
import { useQuestion } from './use-question'

/** The search as a page: what is typed stands in the address, and the results follow it. */
export function SearchPage() {
  const { q = '', kind = 'tickets' } = useSearch({ from: '/desk/search' })
  const navigate = useNavigate()
  const { draft, caret, change, commit, replace } = useQuestion(q, kind)
  const query = useInfiniteQuery(searchQuery(q))
  const names = useNamesFound(q)
  const [help, setHelp] = useState(false)
  // Only a question that could be answered is worth asking again.
  const [asked, setAsked] = useState('')
  const answered = query.isSuccess && !query.isPlaceholderData
  useEffect(() => {
    if (asked && asked === q && answered) remember('searches', asked)
  }, [asked, q, answered])
  const results = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const focusField = () => head.current?.querySelector<HTMLInputElement>('input')?.focus()
  const keys = useRowKeys(results, focusField)
  useCommands([{ keys: '/', label: t.toField, run: focusField }])

  const pages = q ? (query.data?.pages ?? []) : []
  const rows = pages.flatMap((page) => page.items)
  const problems = query.error && !query.isFetching ? problemsIn(query.error) : []
  const number = ticketNumber(q)
  const found = { ...names, tickets: { items: rows, more: query.hasNextPage, pending: query.isPending } }
  const silent = q === '' || (kind === 'tickets' && problems.length > 0)
  const open = (id: string) => navigate({ to: '/tickets/$id', params: { id } })

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
              setAsked(question)
              keys.first()
            }}
            onDown={keys.first}
            onEscape={keys.first}
            onHelp={() => setHelp(true)}
          />
          <div className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1">
            <KindTabs q={q} counts={q && !problems.length && !query.isPending ? found : undefined} />
            <p role="status" className={found[kind].pending ? 'font-semibold' : 'sr-only'}>
              {!silent &&
                (found[kind].pending ? t.searching : t.found[kind](found[kind].items.length, found[kind].more))}
            </p>
            {kind === 'tickets' && pages[0] && !problems.length && (
              <Corrections corrections={pages[0].corrections} question={q} replace={replace} />
            )}
          </div>
          <Problems id="search-problems" problems={problems} question={q} replace={replace} />
        </header>
        <div ref={results} className="min-h-0 flex-1 overflow-y-auto">
          {number && (
            <div className="border-b border-line px-3 py-2 md:px-4">
              <Button variant="chip" className="max-md:h-11" onClick={() => open(number)}>
                {t.jump(number)}
              </Button>
            </div>
          )}
          {q === '' ? (
            <Start onTry={replace} />
          ) : kind === 'tickets' ? (
            <>
              <PeopleFound names={names} className="border-b border-line xl:hidden" narrow />
              <TicketResults
                q={q}
                query={query}
                understood={!problems.length}
                askedBy={!draft.pills.length ? 'words' : draft.text.trim() ? 'both' : 'filters'}
                onKeyDown={keys.onKeyDown}
              />
            </>
          ) : (
            <NameResults kind={kind} names={names} onKeyDown={keys.onKeyDown} onOpen={() => remember('searches', q)} />
          )}
        </div>
      </section>
      {q !== '' && kind === 'tickets' && (
        <aside
          aria-label={t.people}
          className="hidden w-[296px] shrink-0 overflow-y-auto border-s border-line bg-panel xl:block"
        >
          <PeopleFound names={names} />
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
