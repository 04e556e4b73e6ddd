import { useInfiniteQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { type About, ticketsOfQuery } from '@/desk/customers'
import { MoreButton } from '@/desk/more-button'
import { TicketRow } from '@/desk/ticket-row'
import { useRowKeys } from '@/desk/use-row-keys'
import { t } from './messages'

/** All tickets of a customer or an organization that the agent sees. */
export function TicketRows({ about }: { about: About }) {
  const query = useInfiniteQuery(ticketsOfQuery(about))
  const list = useRef<HTMLOListElement>(null)
  const keys = useRowKeys(list)
  if (query.isPending)
    return (
      <div className="space-y-3 p-5" aria-hidden>
        {Array.from({ length: 8 }, (_, i) => (
          <Skeleton key={String(i)} className="h-5" />
        ))}
      </div>
    )
  if (query.error && !query.data) return <ErrorState error={query.error} retry={() => query.refetch()} />
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  if (!rows.length) return <EmptyState title={t.noTickets}>{t.noTicketsText}</EmptyState>
  return (
    <>
      <ol ref={list} aria-label={t.tickets} onKeyDown={keys.onKeyDown}>
        {rows.map((row) => (
          <TicketRow key={row.id} row={row} requester={about.kind === 'organization'} />
        ))}
      </ol>
      <MoreButton pages={query} />
    </>
  )
}
