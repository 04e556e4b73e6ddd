/** Brings live events to the caches, so that what is on screen stays true while the desk is open. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { connectLive } from '@/realtime/live-store'
import { countsQuery, showRow, ticketQuery } from './tickets'

// A busy desk has many events a second: the counts follow at most once in this time.
const COUNTS_MS = 1000

export function useLiveUpdates() {
  const client = useQueryClient()
  useEffect(() => {
    let counting: ReturnType<typeof setTimeout> | undefined
    const disconnect = connectLive({
      onResync: () => client.invalidateQueries(),
      onEvent: ({ ticketId, row }) => {
        if (row) showRow(client, row)
        client.invalidateQueries({ queryKey: ticketQuery(ticketId).queryKey })
        counting ??= setTimeout(() => {
          counting = undefined
          client.invalidateQueries({ queryKey: countsQuery.queryKey })
        }, COUNTS_MS)
      },
    })
    return () => {
      clearTimeout(counting)
      disconnect()
    }
  }, [client])
}
