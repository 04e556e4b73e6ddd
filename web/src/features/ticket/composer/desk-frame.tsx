import clsx from 'clsx'
import type { KeyboardEvent, ReactNode } from 'react'
import { t } from './messages'

/** Writing below the conversation. */
export function DeskFrame({
  note,
  tabs,
  recipients,
  saved,
  onSendKey,
  children,
}: {
  note: boolean
  tabs: ReactNode
  recipients: ReactNode
  saved: ReactNode
  onSendKey: (event: KeyboardEvent) => void
  children: ReactNode
}) {
  return (
    <section
      aria-label={t.write}
      // Also from the buttons around the text.
      onKeyDownCapture={onSendKey}
      className={clsx(
        'relative mx-auto max-w-[760px] rounded-xl border p-2.5',
        note ? 'border-note-line bg-note' : 'border-check bg-raised',
      )}
    >
      <div className="@container mb-1.5 flex items-start gap-2">
        {tabs}
        {recipients}
        {saved}
      </div>
      {children}
    </section>
  )
}
