import { useQuery } from '@tanstack/react-query'
import { Check, Lock, Reply, RotateCcw, SlidersHorizontal, Zap } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { runCommand } from '@/desk/commands'
import { statusesQuery } from '@/desk/config'
import { reopen, solve } from '@/desk/ticket-changes'
import { keepClear } from '@/lib/keep-clear'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { TriageSheet } from './triage-sheet'

/** What is done most on a ticket, within reach of a thumb. */
export function PhoneActs({ write }: { write: (kind: 'reply' | 'note') => void }) {
  const { ticket, apply } = useOpenTicket()
  const [triaging, setTriaging] = useState(false)
  const { data: statuses } = useQuery(statusesQuery)
  // It takes no answer; the notice above says where the matter goes on.
  if (ticket.status_category === 'closed') return null
  return (
    <div
      ref={keepClear}
      role="toolbar"
      aria-label={t.phoneActs}
      // They take the place of the bar of the shell.
      data-page-acts
      className="flex shrink-0 gap-2 border-t border-line bg-panel px-3 pt-2.5 max-[380px]:gap-1.5 max-[380px]:px-2 pb-[max(10px,env(safe-area-inset-bottom))] md:pt-1.5 md:pb-[max(6px,env(safe-area-inset-bottom))]"
    >
      <Act icon={<Lock size={18} className="text-note-ink" aria-hidden />} name={t.note} run={() => write('note')} />
      <Act icon={<Zap size={18} aria-hidden />} name={t.macro} run={() => runCommand('macro')} />
      <Act icon={<SlidersHorizontal size={18} aria-hidden />} name={t.triage.name} run={() => setTriaging(true)} />
      <button
        type="button"
        // The longest word gives way first: its sign goes above it.
        className="flex h-13 md:h-11 min-w-0 flex-auto shrink-9999 grow-3 flex-wrap content-center items-center justify-center gap-x-2 gap-y-0.5 rounded-xl bg-accent px-1 text-[15px] leading-4 font-semibold text-accent-ink max-[380px]:text-[12px]"
        onClick={() => write('reply')}
      >
        <Reply size={18} className="shrink-0" aria-hidden /> <span className="max-w-full truncate">{t.reply}</span>
      </button>
      {ticket.status_category === 'solved' ? (
        <Act icon={<RotateCcw size={18} aria-hidden />} name={t.reopen} run={() => void apply(reopen(statuses))} />
      ) : (
        <Act
          icon={<Check size={18} className="text-green" aria-hidden />}
          name={t.solve}
          run={() => void apply(solve(statuses))}
        />
      )}
      <TriageSheet open={triaging} onClose={() => setTriaging(false)} />
    </div>
  )
}

const Act = ({ icon, name, run }: { icon: ReactNode; name: string; run: () => void }) => (
  <button
    type="button"
    className="flex h-13 md:h-11 min-w-0 flex-auto flex-col items-center justify-center gap-0.5 rounded-xl border border-line bg-raised px-1 text-[12px] leading-4 max-[380px]:px-0.5 max-[380px]:text-[11px] max-[380px]:tracking-tight"
    onClick={run}
  >
    {icon}
    <span className="max-w-full truncate">{name}</span>
  </button>
)
