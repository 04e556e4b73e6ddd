import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ticketQuery } from './tickets'
import { timelineQuery } from './timeline'

/** Reads the ticket that the cursor has come to rest on, so that Enter draws it at once. */
export function usePrefetchedTicket(rested: number | undefined) {
  const client = useQueryClient()
  useEffect(() => {
    if (rested === undefined || !navigator.onLine) return
    void client.prefetchQuery(ticketQuery(rested))
    void client.prefetchInfiniteQuery(timelineQuery(rested))
  }, [client, rested])
}
