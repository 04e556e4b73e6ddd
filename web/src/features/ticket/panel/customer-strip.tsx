import { ChevronRight } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'

/** Who asks, where the details do not stand beside the conversation; it opens them. */
export function CustomerStrip({ open }: { open: () => void }) {
  const { requester, organization } = useOpenTicket().ticket
  return (
    <button
      type="button"
      onClick={open}
      aria-label={t.customer(requester.name)}
      className="flex min-h-11 shrink-0 items-center gap-3 border-b border-line bg-panel px-4 py-1.5 text-start hover:bg-hover max-md:min-h-14"
    >
      <Avatar name={requester.name} size={28} />
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate font-medium">
          {requester.name}
        </span>
        <span dir="auto" className="block truncate text-[12px] leading-4 text-dim">
          {organization?.name ?? requester.email}
        </span>
      </span>
      <ChevronRight size={16} className="shrink-0 text-dim rtl:-scale-x-100" aria-hidden />
    </button>
  )
}
