/** Marks a ticket as unread for oneself: told, with the way back. */
import { useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { t } from './messages'
import { markTicket } from './reads'
import { withUndo } from './undo'

export function useMarkUnread() {
  const client = useQueryClient()
  return (id: number) => {
    const work = markTicket(client, id, false)
    return withUndo(work, t.unread.marked(id), () => markTicket(client, id, true)).catch((error: Error) => {
      toast.error(t.unread.failed(id), { description: told(error.message) })
    })
  }
}
