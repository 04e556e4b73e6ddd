import clsx from 'clsx'
import { Lock } from 'lucide-react'
import { t } from './messages'
import type { Kind } from './outgoing'

/** What kind of message is written. ← and → change it, as in all tabs. */
export function KindTabs({ kind, onKind }: { kind: Kind; onKind: (kind: Kind) => void }) {
  const tab = (value: Kind, name: string) => (
    <button
      type="button"
      role="tab"
      aria-selected={kind === value}
      tabIndex={kind === value ? 0 : -1}
      className={clsx(
        'flex h-6 shrink-0 items-center gap-1.5 rounded px-2 font-medium max-md:h-9 max-md:px-4 max-[400px]:px-2.5',
        kind !== value
          ? 'text-dim hover:bg-hover'
          : value === 'note'
            ? 'bg-note-line/15 text-note-ink shadow-[inset_0_0_0_1px_var(--note-line)]'
            : 'bg-accent-soft text-accent',
      )}
      onClick={() => onKind(value)}
    >
      {value === 'note' && <Lock size={13} className="md:hidden" aria-hidden />}
      {name}
    </button>
  )
  return (
    <span
      role="tablist"
      aria-label={t.kinds}
      className="flex shrink-0 gap-1"
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') onKind(kind === 'reply' ? 'note' : 'reply')
      }}
    >
      {tab('reply', t.reply)}
      {tab('note', t.note)}
    </span>
  )
}
