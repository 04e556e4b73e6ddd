import clsx from 'clsx'
import { Plus, Search } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { useCommands } from './commands'
import { MoreButton } from './more-button'
import { PageTitle } from './page'
import { useRowKeys } from './use-row-keys'

interface Pages {
  isPending: boolean
  isPlaceholderData: boolean
  isFetchingNextPage: boolean
  hasNextPage: boolean
  error: Error | null
  refetch: () => unknown
  fetchNextPage: () => unknown
}

const WAIT_MS = 150

/** A list of people or organizations: a search, a button that adds one, and rows that are links. */
export function ListPage({
  title,
  find,
  q,
  setQ,
  add,
  onAdd,
  tools,
  pages,
  empty,
  heads,
  children,
}: {
  title: string
  find: string
  q: string
  setQ: (q: string) => void
  add: string
  /** Missing where nothing can be added. */
  onAdd: (() => void) | undefined
  /** Beside the search. */
  tools?: ReactNode
  pages: Pages
  /** In place of rows, when there are none. */
  empty: ReactNode
  heads: ReactNode
  children: ReactNode[]
}) {
  const list = useRef<HTMLUListElement>(null)
  const box = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(q)
  const sent = useRef(q)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (q === sent.current) return
    sent.current = q
    setTyped(q)
  }, [q])
  useEffect(() => () => clearTimeout(timer.current), [])
  const keys = useRowKeys(list, () => box.current?.focus())
  useCommands([
    { keys: '/', label: find, run: () => box.current?.focus() },
    { keys: 'Enter', label: title, run: keys.first },
  ])
  return (
    <section aria-label={title} className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-2 md:px-4">
        <PageTitle title={title} />
        <label className="ms-auto flex h-11 min-w-40 flex-1 items-center gap-1.5 rounded-md border border-line bg-raised px-2 focus-within:border-accent md:h-7 md:max-w-72">
          <Search size={14} className="shrink-0 text-dim" aria-hidden />
          <input
            ref={box}
            type="search"
            aria-label={find}
            placeholder={find}
            dir="auto"
            className="w-full min-w-0 bg-transparent outline-none placeholder:text-dim"
            value={typed}
            onChange={(event) => {
              const text = event.target.value
              setTyped(text)
              clearTimeout(timer.current)
              timer.current = setTimeout(() => {
                sent.current = text.trim()
                setQ(text.trim())
              }, WAIT_MS)
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== 'ArrowDown' && event.key !== 'Escape') return
              event.preventDefault()
              keys.first()
              if (event.key === 'Escape') event.currentTarget.blur()
            }}
          />
        </label>
        {tools}
        {onAdd && (
          <Button variant="primary" className="max-md:h-11" onClick={onAdd}>
            <Plus size={15} aria-hidden /> {add}
          </Button>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto" aria-busy={pages.isPending || pages.isPlaceholderData}>
        {pages.isPending && Array.from({ length: 12 }, (_, i) => <RowSkeleton key={String(i)} />)}
        {pages.error && children.length === 0 && <ErrorState error={pages.error} retry={pages.refetch} />}
        {!pages.isPending && !pages.error && children.length === 0 && empty}
        {children.length > 0 && (
          <>
            <div
              className="sticky top-0 z-10 hidden border-b border-line bg-canvas px-4 py-1.5 text-[12px] text-dim md:block"
              aria-hidden
            >
              {heads}
            </div>
            <ul
              ref={list}
              aria-label={title}
              onKeyDown={keys.onKeyDown}
              className={clsx('transition-opacity', pages.isPlaceholderData && 'opacity-55')}
            >
              {children}
            </ul>
            <MoreButton pages={pages} />
          </>
        )}
      </div>
    </section>
  )
}

export const LIST_ROW =
  'relative border-b border-line px-3 py-1.5 hover:bg-hover has-[a[data-row]:focus]:bg-chosen md:px-4 has-[a[data-row]:focus]:shadow-[inset_2px_0_var(--accent)]'
export const LIST_LINK = 'font-medium [overflow-wrap:anywhere] outline-none after:absolute after:inset-0'

const RowSkeleton = () => (
  <div className="flex h-11 items-center gap-3 border-b border-line px-4" aria-hidden>
    <Skeleton className="size-7 rounded-full" />
    <Skeleton className="h-4 w-40" />
    <Skeleton className="h-4 w-64" />
  </div>
)
