import clsx from 'clsx'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { Menu } from '@/components/ui/menu'
import type { Status } from '@/desk/config'
import { MAC } from '@/lib/mac'
import { t } from './messages'
import type { Kind } from './outgoing'
import { useSendChoices } from './send-as'

/** Sends with the status that a reply sets, or with another. */
export function SendButton({
  kind,
  status,
  waiting,
  tall,
  onSend,
  onSendAs,
}: {
  kind: Kind
  status: Status | undefined
  /** What it waits for; then it goes out. */
  waiting: 'files' | 'macro' | null
  tall: boolean
  onSend: () => void
  /** Sends at once, with this status. */
  onSendAs: (status: Status) => void
}) {
  const { choices } = useSendChoices(kind)
  const label = waiting
    ? t.waiting[waiting]
    : kind === 'note'
      ? status
        ? t.addNoteAs(status.label)
        : t.addNote
      : t.sendAs(status?.label ?? '')
  return (
    <span className={clsx('flex', tall ? 'min-w-0 max-w-[60%] shrink-0' : 'max-w-full shrink-0')}>
      <Button
        variant="primary"
        aria-label={label}
        className={clsx('min-w-0 shrink!', tall && 'h-11 px-4 max-[400px]:px-3')}
        onClick={onSend}
        shape="start"
      >
        {tall && kind === 'reply' && !waiting ? (
          <span className="min-w-0 text-start leading-4">
            <span className="block truncate text-[15px]">{t.send}</span>
            <span className="block truncate text-[11px] font-normal">{t.asStatus(status?.label ?? '')}</span>
          </span>
        ) : (
          <span className="truncate">{label}</span>
        )}
        <span className="hidden lg:inline" aria-hidden>
          <Kbd>{MAC ? '⌘↵' : 'Ctrl ↵'}</Kbd>
        </span>
      </Button>
      <Menu
        label={t.sendMenu}
        trigger={
          <Button
            variant="primary"
            shape="end"
            className={tall ? 'h-11 px-3' : 'px-1'}
            aria-label={t.chooseStatus}
            title={t.chooseStatus}
          >
            {tall ? <ChevronUp size={18} /> : <ChevronDown size={15} />}
          </Button>
        }
        items={choices.map(({ status: each, label, icon, keys }) => ({
          key: each.key,
          label,
          icon,
          chosen: each.key === status?.key,
          ...(keys ? { keys } : {}),
          run: () => onSendAs(each),
        }))}
      />
    </span>
  )
}
