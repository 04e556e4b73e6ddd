import { usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { useCommands } from '@/desk/commands'
import { usePageTitle } from '@/desk/page'
import { ticketQuery } from '@/desk/tickets'
import { timelineQuery } from '@/desk/timeline'
import { ApiProblem } from '@/lib/api/client'
import { beginWith } from '@/lib/typed-ahead'
import type { Kind } from './composer/composer'
import { EarlyComposer } from './composer/early-composer'
import { OpenTicket, type TicketOnPage } from './open-ticket'
import { t } from './panel/messages'
import { NoSuchTicket, TicketFailed, TicketSkeleton } from './panel/states'

/**
 * A ticket with its conversation, once it is read. With `page` it is a page of its own, with `onClose` a preview. Give
 * it a key: a draft, a conflict or an error of one ticket must never reach the next.
 */
export function TicketPanel({ id, page, onClose }: { id: number; page?: TicketOnPage; onClose?: () => void }) {
  const { data: ticket, error, refetch } = useQuery(ticketQuery(id))
  // Together with the ticket, not after it.
  usePrefetchInfiniteQuery(timelineQuery(id))
  const [begun, setBegun] = useState<Kind | null>(null)
  // Whoever opens a ticket and writes at once is not made to wait for it.
  useCommands(
    ticket || error
      ? []
      : [
          { keys: 'r', label: t.reply, run: () => setBegun('reply') },
          { keys: 'n', label: t.writeNote, run: () => setBegun('note') },
        ],
  )
  const alone = page !== undefined
  useEffect(() => (alone && !ticket ? beginWith(['r', 'n']) : undefined), [alone, ticket])
  usePageTitle(page && ticket && t.pageTitle(ticket.id, ticket.subject))
  const close = onClose && <Button onClick={onClose}>{t.closePreview}</Button>
  // It was there, and is in the trash or in another team now: what was read of it is shown no longer.
  if (error instanceof ApiProblem && [403, 404].includes(error.status))
    return <NoSuchTicket asked={String(id)} close={close} />
  if (ticket) return <OpenTicket ticket={ticket} page={page} onClose={onClose} begun={begun} />
  if (error) return <TicketFailed error={error} retry={() => void refetch()} close={close} />
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <TicketSkeleton />
      {begun && <EarlyComposer ticket={id} kind={begun} />}
    </div>
  )
}
