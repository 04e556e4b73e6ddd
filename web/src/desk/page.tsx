/**
 * The page that is shown: its title in the browser's tab and for screen readers, and the button in its heading that
 * opens the pane of views where there is no room for it beside the page.
 */
import clsx from 'clsx'
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { t } from './messages'
import { openPane, useHasPane } from './pane'

const arrivals = new Set<(title: string) => void>()
let title = ''
/** Whether the page on screen has its name. The tab shows that of the one before until then. */
let named = false
let unread = 0

function write() {
  document.title = `${unread ? `(${unread}) ` : ''}${title ? `${title} · ` : ''}AutoCRM`
}

/** Names the page. Each page calls it, or draws a `PageTitle`; the shell then moves the focus there and announces it. */
export function usePageTitle(name: string | undefined) {
  useEffect(() => {
    if (name === undefined) return
    title = name
    named = true
    write()
    for (const arrive of arrivals) arrive(name)
    return () => {
      named = false
    }
  }, [name])
}

/** The number before the title: what is unread for this agent. */
export function useUnreadInTitle(count: number) {
  useEffect(() => {
    unread = count
    write()
    return () => {
      unread = 0
      write()
    }
  }, [count])
}

/** Calls back each time a page has its name, and at once when it has it already. */
export function onPageNamed(listener: (title: string) => void) {
  arrivals.add(listener)
  if (named) listener(title)
  return () => {
    arrivals.delete(listener)
  }
}

/** The heading of a page. Where the pane of views does not fit, the heading is the button that opens it. */
export function PageTitle({ children, title, className }: { children?: ReactNode; title: string; className?: string }) {
  usePageTitle(title)
  const hasPane = useHasPane()
  return (
    <h1 tabIndex={-1} className={clsx('min-w-0 truncate text-[16px] leading-6 font-semibold', className)}>
      {hasPane && (
        <button
          type="button"
          onClick={openPane}
          aria-haspopup="dialog"
          aria-description={t.openPane}
          className="-ms-1.5 flex h-11 max-w-[calc(100%+6px)] items-center gap-1 rounded-md px-1.5 hover:bg-hover md:h-8 lg:hidden"
        >
          <span className="truncate" dir="auto">
            {children ?? title}
          </span>
          <ChevronDown size={16} className="shrink-0 text-dim" aria-hidden />
        </button>
      )}
      <span className={clsx('truncate', hasPane ? 'hidden lg:block' : 'block')} dir="auto">
        {children ?? title}
      </span>
    </h1>
  )
}
