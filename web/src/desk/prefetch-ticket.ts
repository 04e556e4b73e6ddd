import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useDebounced } from '@/lib/use-debounced'
import { ticketQuery } from './tickets'
import { timelineQuery } from './timeline'

// A held `j` reads none of the tickets that it passes.
const REST_MS = 150

/** Reads the ticket that the cursor rests on, so that Enter draws it at once. */
export function usePrefetchedTicket(id: number | undefined) {
  const client = useQueryClient()
  const rested = useDebounced(id, REST_MS)
  useEffect(() => {
    if (rested === undefined || !navigator.onLine) return
    void client.prefetchQuery(ticketQuery(rested))
    void client.prefetchInfiniteQuery(timelineQuery(rested))
  }, [client, rested])
}
