import { Dialog } from '@base-ui/react/dialog'
import {
  ArrowUpRight,
  CheckCircle2,
  CircleDot,
  EyeOff,
  ListChecks,
  SignalHigh,
  Tag,
  UserPlus,
  Users,
  Zap,
} from 'lucide-react'
import { DialogRoot } from '@/components/ui/dialog'
import type { Row } from '@/desk/tickets'
import { t } from './messages'

export type RowAct =
  | 'open'
  | 'take'
  | 'solve'
  | 'assignee'
  | 'status'
  | 'priority'
  | 'team'
  | 'tags'
  | 'macro'
  | 'select'
  | 'unread'

const ITEMS: { act: RowAct; label: string; icon: typeof Tag }[] = [
  { act: 'open', label: t.act.open, icon: ArrowUpRight },
  { act: 'take', label: t.keys.take, icon: UserPlus },
  { act: 'solve', label: t.act.solve, icon: CheckCircle2 },
  { act: 'assignee', label: t.keys.assign, icon: UserPlus },
  { act: 'status', label: `${t.act.status}…`, icon: CircleDot },
  { act: 'priority', label: t.keys.priority, icon: SignalHigh },
  { act: 'team', label: t.keys.team, icon: Users },
  { act: 'tags', label: t.keys.tags, icon: Tag },
  { act: 'macro', label: t.keys.macro, icon: Zap },
  { act: 'unread', label: t.keys.unread, icon: EyeOff },
  { act: 'select', label: t.act.select, icon: ListChecks },
]

/** All acts on one ticket: by a long press or a right click, for whoever has no keys and does not swipe. */
export function RowMenu({
  open,
  row,
  onAct,
  onClose,
}: {
  open: boolean
  row: Row | undefined
  onAct: (act: RowAct) => void
  onClose: () => void
}) {
  return (
    <DialogRoot open={open} onClose={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/25" />
        <Dialog.Popup className="fixed start-1/2 top-[16vh] z-50 max-h-[70dvh] w-[min(300px,94vw)] -translate-x-1/2 overflow-auto rounded-xl border border-line bg-raised p-1.5 shadow-2xl outline-none max-md:inset-x-0 max-md:top-auto max-md:bottom-0 max-md:w-full max-md:translate-x-0 max-md:rounded-b-none max-md:pb-4 rtl:translate-x-1/2">
          {row && (
            <>
              <Dialog.Title className="px-2.5 pt-1 pb-1.5">
                <span className="sr-only">{t.act.menu(row.id)}</span>
                <span className="line-clamp-2 font-semibold [overflow-wrap:anywhere]" dir="auto" aria-hidden>
                  {row.subject}
                </span>
              </Dialog.Title>
              {ITEMS.map(({ act, label, icon: Icon }) => (
                <button
                  key={act}
                  type="button"
                  onClick={() => {
                    onClose()
                    // After the dialog has given the focus back.
                    setTimeout(() => onAct(act))
                  }}
                  className="flex h-8 w-full items-center gap-2.5 rounded-md px-2.5 text-start hover:bg-hover max-md:h-11"
                >
                  <Icon size={16} className="text-dim" aria-hidden /> {label}
                </button>
              ))}
            </>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </DialogRoot>
  )
}
