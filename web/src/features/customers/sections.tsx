import clsx from 'clsx'
import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { t } from './messages'

export interface Section {
  key: string
  label: string
  count?: string | undefined
  /** Only where the column of details has no room of its own. */
  narrow?: boolean
  content: ReactNode
}

/** The sections of a page as tabs. */
export function Sections({
  sections,
  shown,
  show,
}: {
  sections: Section[]
  shown: string
  show: (key: string) => void
}) {
  const id = useId()
  const current = sections.find(({ key }) => key === shown) ?? sections[0]
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')].filter((tab) => tab.offsetParent)
    const way = document.documentElement.dir === 'rtl' ? -step : step
    const at = tabs.indexOf(document.activeElement as HTMLElement)
    const next = tabs[(at + way + tabs.length) % tabs.length]
    next?.focus()
    next?.click()
  }
  return (
    <>
      <div
        role="tablist"
        aria-label={t.sections}
        onKeyDown={onKeyDown}
        className="flex shrink-0 gap-4 overflow-x-auto border-b border-line px-4 md:px-5"
      >
        {sections.map(({ key, label, count, narrow }) => (
          <button
            key={key}
            id={`${id}-${key}`}
            type="button"
            role="tab"
            aria-selected={key === current?.key}
            aria-controls={`${id}-panel`}
            tabIndex={key === current?.key ? 0 : -1}
            onClick={() => show(key)}
            className={clsx(
              'flex h-11 shrink-0 items-center gap-1.5 border-b-2 md:h-10',
              key === current?.key ? 'border-accent font-semibold' : 'border-transparent text-dim hover:text-ink',
              narrow && 'xl:hidden',
            )}
          >
            {label}
            {count && <span className="text-[12px] font-normal text-dim">{count}</span>}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-${current?.key}`}
        className="flex min-h-0 flex-1 flex-col"
      >
        {current?.content}
      </div>
    </>
  )
}
