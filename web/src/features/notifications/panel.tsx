import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import clsx from 'clsx'
import { Bell, CheckCheck, SlidersHorizontal, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { KeyHints } from '@/components/ui/key-hints'
import { Skeleton } from '@/components/ui/skeleton'
import { Switch } from '@/components/ui/switch'
import { notificationsQuery, type Tab, unreadQuery, useMarkNotifications, useReadAll } from '@/desk/notifications'
import { isSilenced } from '@/desk/single-keys'
import { useTimes } from '@/desk/times'
import { offerUndo } from '@/desk/undo'
import { number } from '@/lib/messages'
import { useBackCloses } from '@/lib/overlays'
import { usePhone } from '@/lib/use-media'
import { AskForNotices } from './ask-for-notices'
import { type Line as LineOf, sectionsOf } from './fold'
import { Line } from './line'
import { t } from './messages'

const TABS = ['me', 'all', 'done'] as const

/**
 * What the agent is told of, beside the rail and over the page, which stays in use. It has keys of its own while the
 * focus is in it.
 */
export function NotificationPanel({ onClose }: { onClose: (returnFocus: boolean) => void }) {
  const navigate = useNavigate()
  const [tab, setTab] = useState<Tab>('me')
  const [unreadOnly, setUnreadOnly] = useState(false)
  const [at, setAt] = useState<string | null>(null)
  const panel = useRef<HTMLElement>(null)
  const { day } = useTimes()
  const query = useInfiniteQuery(notificationsQuery(tab))
  const { data: unread } = useQuery(unreadQuery)
  const mark = useMarkNotifications()
  const readAll = useReadAll()
  // Elsewhere the page beside it stays in use.
  useBackCloses(usePhone(), () => onClose(true))

  const all = query.data?.pages.flatMap(({ items }) => items) ?? []
  const sections = sectionsOf(unreadOnly ? all.filter(({ read_at }) => !read_at) : all, day)
  const lines = sections.flatMap((section) => section.lines)
  const index = Math.max(
    0,
    lines.findIndex(({ key }) => key === at),
  )
  const here = lines[index]

  useEffect(() => {
    panel.current?.focus()
  }, [])

  const moveTo = (next: number) => {
    const line = lines[Math.min(Math.max(next, 0), lines.length - 1)]
    if (!line) return
    setAt(line.key)
    panel.current?.querySelector<HTMLElement>(`[data-line="${line.key}"]`)?.focus()
    panel.current?.querySelector(`[data-line="${line.key}"]`)?.closest('li')?.scrollIntoView({ block: 'nearest' })
  }
  const ids = (line: LineOf) => line.items.map(({ id }) => id)
  const open = (line: LineOf) => {
    if (line.unread) mark.mutate({ ids: ids(line), read: true })
    onClose(false)
  }
  const done = (line: LineOf) => {
    const isDone = tab !== 'done'
    const read = line.unread ? { read: false } : {}
    mark.mutate({ ids: ids(line), done: isDone })
    // The next one takes its place, and the focus.
    const next = lines[index + 1] ?? lines[index - 1]
    if (next) requestAnimationFrame(() => moveToKey(next.key))
    else panel.current?.focus()
    if (isDone)
      offerUndo({
        text: t.doneOf(line.items.length),
        undo: () => mark.mutateAsync({ ids: ids(line), done: false, ...read }),
      })
  }
  const moveToKey = (key: string) => {
    setAt(key)
    panel.current?.querySelector<HTMLElement>(`[data-line="${key}"]`)?.focus()
  }
  const markUnread = (line: LineOf) => {
    const first = line.items.slice(0, 1)
    const newest = first.map(({ id }) => id)
    mark.mutate({ ids: newest, read: false })
    if (first.some(({ read_at }) => read_at))
      offerUndo({ text: t.unreadAgain, undo: () => mark.mutateAsync({ ids: newest, read: true }) })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const act = {
      j: () => moveTo(document.activeElement === panel.current ? index : index + 1),
      ArrowDown: () => moveTo(document.activeElement === panel.current ? index : index + 1),
      k: () => moveTo(index - 1),
      ArrowUp: () => moveTo(index - 1),
      Home: () => moveTo(0),
      End: () => moveTo(lines.length - 1),
      e: () => here && done(here),
      u: () => here && markUnread(here),
      Escape: () => onClose(true),
      Enter: () => {
        const first = here?.items[0]
        if (!here || !first) return
        open(here)
        navigate({ to: '/tickets/$id', params: { id: String(first.ticket.id) } })
      },
    }[event.key]
    if (!act) return
    if (isSilenced(event)) return
    const target = event.target as HTMLElement
    // A button or a tab that has the focus is pressed by Enter itself.
    if (event.key === 'Enter' && target !== panel.current) return
    if (target.getAttribute('role') === 'tab' && event.key.length > 1 && event.key !== 'Escape') return
    event.preventDefault()
    act()
  }

  return (
    <section
      ref={panel}
      aria-label={t.title}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="fixed inset-y-0 start-0 z-35 flex w-full flex-col border-e border-line bg-panel shadow-pop outline-none md:start-[52px] md:w-[464px] md:max-w-[calc(100vw-52px)]"
    >
      <header className="flex h-12 shrink-0 items-center gap-1 ps-5 pe-2">
        <h2 className="flex-1 text-[16px] font-semibold">{t.title}</h2>
        <button
          type="button"
          disabled={!all.some(({ read_at }) => !read_at)}
          onClick={() => all[0] && void readAll(all[0].id)}
          className="flex h-8 items-center gap-1.5 rounded-md px-2 text-dim hover:bg-hover hover:text-ink disabled:hover:bg-transparent disabled:hover:text-dim max-md:h-11"
        >
          <CheckCheck size={15} aria-hidden /> {t.readAll}
        </button>
        <Link
          to="/settings/notifications"
          onClick={() => onClose(false)}
          aria-label={t.settings}
          title={t.settings}
          className="grid size-8 place-items-center rounded-md hover:bg-hover max-md:size-11"
        >
          <SlidersHorizontal size={15} />
        </Link>
        <button
          type="button"
          aria-label={t.close}
          onClick={() => onClose(true)}
          className="grid size-8 place-items-center rounded-md hover:bg-hover max-md:size-11"
        >
          <X size={16} />
        </button>
      </header>
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 border-b border-line px-5">
        <div role="tablist" aria-label={t.title} className="flex gap-4">
          {TABS.map((key) => (
            <button
              key={key}
              id={`tab-${key}`}
              type="button"
              role="tab"
              aria-selected={tab === key}
              aria-controls="notification-list"
              tabIndex={tab === key ? 0 : -1}
              onClick={() => {
                setTab(key)
                setAt(null)
              }}
              onKeyDown={(event) => {
                const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
                if (!step) return
                event.preventDefault()
                const turn = document.documentElement.dir === 'rtl' ? -step : step
                const next = TABS[(TABS.indexOf(key) + turn + TABS.length) % TABS.length] ?? 'me'
                setTab(next)
                setAt(null)
                document.getElementById(`tab-${next}`)?.focus()
              }}
              className={clsx(
                'flex h-9 items-center gap-1.5 border-b-2 max-md:h-11',
                tab === key ? 'border-accent font-medium' : 'border-transparent text-dim hover:text-ink',
              )}
            >
              {t.tabs[key]}
              {key !== 'done' && unread && unread[key] > 0 && (
                <span
                  className={clsx(
                    'rounded-full px-1.5 text-[11px] leading-4 font-semibold',
                    key === 'me' ? 'bg-accent text-accent-ink' : 'bg-chosen text-ink',
                  )}
                >
                  {number(unread[key])}
                </span>
              )}
            </button>
          ))}
        </div>
        {tab !== 'done' && (
          <span className="ms-auto text-dim">
            <Switch label={t.unreadOnly} checked={unreadOnly} onChange={setUnreadOnly} />
          </span>
        )}
      </div>
      <div
        role="tabpanel"
        id="notification-list"
        aria-labelledby={`tab-${tab}`}
        aria-busy={query.isPending}
        className="flex min-h-0 flex-1 flex-col overflow-y-auto py-1"
      >
        {query.isPending && <Loading />}
        {query.error && !query.data && <ErrorState error={query.error} retry={() => query.refetch()} />}
        {query.data && lines.length === 0 && (
          <EmptyState icon={<Bell size={20} />} title={unreadOnly ? t.noUnread : t.empty[tab].title}>
            {!unreadOnly && t.empty[tab].text}
          </EmptyState>
        )}
        {sections.map((section) => (
          <section key={section.key} aria-label={section.key === 'first' ? t.first : section.key}>
            <h3 className="px-5 pt-3 pb-1 text-[12px] text-dim">{section.key === 'first' ? t.first : section.key}</h3>
            <ul>
              {section.lines.map((line) => (
                <Line
                  key={line.key}
                  line={line}
                  current={line === here}
                  done={tab === 'done'}
                  onOpen={() => open(line)}
                  onDone={() => done(line)}
                  onUnread={() => markUnread(line)}
                />
              ))}
            </ul>
          </section>
        ))}
        {query.hasNextPage && (
          <button
            type="button"
            disabled={query.isFetchingNextPage}
            onClick={() => query.fetchNextPage()}
            className="mx-auto my-3 h-8 rounded-md border border-line bg-raised px-3 hover:bg-hover max-md:h-11"
          >
            {query.isFetchingNextPage ? t.loading : t.loadMore}
          </button>
        )}
      </div>
      <AskForNotices />
      {/* What has no room goes, the last first. */}
      <footer className="hidden h-8 shrink-0 flex-wrap gap-x-4 overflow-hidden border-t border-line px-5 text-[12px] whitespace-nowrap text-dim md:flex">
        <KeyHints
          hints={[
            ['J K', t.keys.move],
            ['↵', t.keys.open],
            ['E', t.keys.done],
            ['U', t.keys.unread],
            ['G N', t.keys.close],
          ]}
        />
      </footer>
    </section>
  )
}

const Loading = () => (
  <div aria-hidden>
    {['a', 'b', 'c', 'd', 'e'].map((key) => (
      <div key={key} className="mx-2 flex gap-3 px-2.5 py-3">
        <Skeleton className="size-8 rounded-full" />
        <span className="flex-1 space-y-2">
          <Skeleton className="h-4 w-2/5" />
          <Skeleton className="h-4 w-4/5" />
        </span>
      </div>
    ))}
  </div>
)
