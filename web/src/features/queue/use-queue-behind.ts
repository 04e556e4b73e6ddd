/** The list behind a ticket: read again after a reload, and read on as one comes near the end of what is there. */
import { InfiniteQueryObserver, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { leftQueue, provideMore, readOn, useQueueNeighbours } from '@/desk/queue-position'
import { readFilters } from './filters'
import { queueQuery } from './queries'
import { useList } from './use-list'

// Before whoever goes fast is there.
const NEAR = 10

export function useQueueBehind(ticket: number) {
  const client = useQueryClient()
  const left = leftQueue(client)
  const { list } = useList(readFilters({ ...left?.search }))
  const { neighbours } = useQueueNeighbours(ticket)
  const known = left !== undefined
  const lost = known && !left.read
  useEffect(() => {
    if (!known || !list) return
    return provideMore(async () => {
      const { error } = await new InfiniteQueryObserver(client, queueQuery(list)).fetchNextPage()
      if (error) throw error
    })
  }, [client, known, list])
  useEffect(() => {
    // Without it the ticket stands alone, as one that was opened by its address.
    if (lost && list) void client.fetchInfiniteQuery(queueQuery(list)).catch(() => {})
  }, [client, lost, list])
  const { goesOn = false, ahead = 0, place } = neighbours ?? {}
  useEffect(() => {
    // A page that does not come is asked for again by whoever goes there.
    if (place && goesOn && ahead < NEAR) void readOn().catch(() => {})
  }, [place, goesOn, ahead])
}
