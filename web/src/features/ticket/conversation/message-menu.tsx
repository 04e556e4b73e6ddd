import { useQuery } from '@tanstack/react-query'
import { Copy, Ellipsis, Pencil, Scissors, Split } from 'lucide-react'
import { Menu } from '@/components/ui/menu'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { meQuery } from '@/desk/me'
import type { MessageItem } from '@/desk/timeline'
import { useNow, useTimes } from '@/desk/times'
import { t } from './messages'
import { settingsQuery } from './queries'

/** What can be done with a message that was sent: what the desk would refuse is not offered, or says why it cannot be. */
export function MessageMenu({
  item,
  onEdit,
  onSplit,
  onRedact,
}: {
  item: MessageItem
  onEdit: () => void
  onSplit: () => void
  onRedact: () => void
}) {
  const { data: me } = useQuery(meQuery)
  const { data: settings } = useQuery(settingsQuery)
  const { clock } = useTimes()
  const now = useNow()
  const minutes = settings?.message_edit_minutes ?? 0
  const mine = me !== undefined && item.author?.id === me.id && !item.redacted_at && minutes > 0
  const late = now - Date.parse(item.at) >= minutes * 60_000
  return (
    <Menu
      label={t.menu}
      trigger={
        <button
          type="button"
          aria-label={t.more(item.author?.name ?? t.theSystem, clock(item.at))}
          className="-my-1 grid size-6 shrink-0 place-items-center rounded text-dim opacity-0 in-[.group:focus-within]:opacity-100 in-[.group:hover]:opacity-100 hover:bg-hover hover:text-ink data-popup-open:opacity-100 pointer-coarse:opacity-100 max-md:size-11"
        >
          <Ellipsis size={15} />
        </button>
      }
      items={[
        ...(mine
          ? [
              {
                key: 'edit',
                label: late ? t.editTooLate(minutes) : t.edit,
                icon: <Pencil size={14} />,
                disabled: late,
                run: onEdit,
              },
            ]
          : []),
        {
          key: 'copy',
          label: t.copy,
          icon: <Copy size={14} />,
          run: () =>
            void navigator.clipboard.writeText(item.body_text).then(
              () => toast.success(t.copied),
              (error: Error) => toast.error(told(error.message)),
            ),
        },
        { key: 'split', label: t.split, icon: <Split size={14} />, run: onSplit },
        ...(me && (me.role === 'admin' || me.may_redact)
          ? [{ key: 'redact', label: t.redact, icon: <Scissors size={14} />, run: onRedact }]
          : []),
      ]}
    />
  )
}
