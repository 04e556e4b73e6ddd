import clsx from 'clsx'
import type { ReactNode } from 'react'
import { t } from './messages'

/** Writing below the conversation. */
export function DeskFrame({
  note,
  tabs,
  recipients,
  saved,
  onSubmit,
  children,
}: {
  note: boolean
  tabs: ReactNode
  recipients: ReactNode
  saved: ReactNode
  onSubmit: () => void
  children: ReactNode
}) {
  return (
    <section
      aria-label={t.write}
      // Also from the buttons around the text.
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return
        event.preventDefault()
        onSubmit()
      }}
      className={clsx(
        'relative mx-auto max-w-[760px] rounded-xl border p-2.5',
        note ? 'border-note-line bg-note' : 'border-check bg-raised',
      )}
    >
      <div className="mb-1.5 flex items-start gap-2">
        {tabs}
        {recipients}
        {saved}
      </div>
      {children}
    </section>
  )
}
