/** The list behind a ticket: read again after a reload, and read on as one comes near the end of what is there. */
import { InfiniteQueryObserver, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { leftQueue, provideMore, readOn, useQueueNeighbours } from '@/desk/queue-position'
import { readFilters } from './filters'
import { PAGE, queueQuery } from './queries'
import { useList } from './use-list'

// Before whoever goes fast is there.
const NEAR = 10
// Deeper than that it costs too much for a reload.
const MOST_PAGES = 10

export function useQueueBehind(ticket: number) {
  const client = useQueryClient()
  const left = leftQueue(client)
  const { list } = useList(readFilters({ ...left?.search }))
  const { neighbours } = useQueueNeighbours(ticket)
  const known = left !== undefined
  const lost = known && !left.read
  const at = left?.at ?? 0
  useEffect(() => {
    if (!known || !list) return
    return provideMore(async () => {
      const { error } = await new InfiniteQueryObserver(client, queueQuery(list)).fetchNextPage()
      if (error) throw error
    })
  }, [client, known, list])
  useEffect(() => {
    if (!lost || !list) return
    const pages = Math.min(Math.floor(at / PAGE) + 1, MOST_PAGES)
    // Without it the ticket stands alone, as one that was opened by its address.
    void client.fetchInfiniteQuery({ ...queueQuery(list), pages }).catch(() => {})
  }, [client, lost, list, at])
  const near = neighbours?.goesOn && neighbours.ahead < NEAR
  const place = neighbours?.place
  useEffect(() => {
    // A page that does not come is asked for again by whoever goes there.
    if (near && place) void readOn().catch(() => {})
  }, [near, place])
}
