/** What the panes of search and customers are made of, as that of the inbox is. */
import type { ReactNode } from 'react'

export const PANE_ROW =
  'flex min-h-11 items-center gap-2.5 rounded-md px-2 text-start text-ink hover:bg-hover aria-[current=page]:bg-chosen aria-[current=page]:font-medium aria-pressed:bg-chosen aria-pressed:font-medium md:min-h-7'

export const PANE_COUNT = 'ms-auto ps-2 text-dim'

export const PaneHeading = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <header className="flex h-12 shrink-0 items-center justify-between ps-4 pe-2.5">
    <strong className="font-semibold">{children}</strong>
    {action}
  </header>
)

export const PaneSection = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="flex flex-col gap-px">
    <h2 className="px-2 pt-5 pb-1.5 text-[12px] font-medium text-dim">{title}</h2>
    {children}
  </section>
)
