import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { Menu } from '@/components/ui/menu'
import { StatusIcon } from '@/components/ui/status-icon'
import { type Status, statusesQuery } from '@/desk/config'
import { t } from './messages'
import type { Kind } from './outbox'

const MAC = /Mac|iP/.test(navigator.platform)

/** Sends, and chooses the status that a reply sets. */
export function SendButton({
  kind,
  status,
  waiting,
  tall,
  onSend,
  onStatus,
}: {
  kind: Kind
  status: Status | undefined
  /** It goes out as soon as the files are uploaded. */
  waiting: boolean
  tall: boolean
  onSend: () => void
  onStatus: (key: string) => void
}) {
  const { data: statuses } = useQuery(statusesQuery)
  const label = waiting
    ? t.waiting
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
        shape={kind === 'note' ? 'whole' : 'start'}
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
      {kind === 'reply' && (
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
          items={
            statuses?.items
              .filter(({ active, category }) => active && ['open', 'pending', 'on_hold', 'solved'].includes(category))
              .map(({ key, label, category }) => ({
                key,
                label: t.sendAs(label),
                icon: <StatusIcon category={category} label={label} />,
                chosen: key === status?.key,
                run: () => onStatus(key),
              })) ?? []
          }
        />
      )}
    </span>
  )
}
