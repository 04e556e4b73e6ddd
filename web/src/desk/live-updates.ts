/** Brings live events to the caches, so that what is on screen stays true while the desk is open. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { currentPerson } from '@/lib/person'
import { connectLive, type LiveEvent } from '@/realtime/live-store'
import { showEvent } from './live-timeline'
import { hasPending } from './pending-changes'
import { countsQuery, isWholeAt, showRow, ticketQuery } from './tickets'

// A busy desk has many events a second: the counts follow at most once in this time.
const COUNTS_MS = 1000

/** Columns of a ticket that its row does not have. */
const NOT_IN_A_ROW = ['custom', 'form', 'language', 'required_skills', 'preferred_skills', 'description', 'external_id']

/** Renews a ticket from its row; it is read anew only when the row does not tell what changed. */
function showChange(client: QueryClient, { ticketId, row, changes, actor_id }: LiveEvent) {
  const { queryKey } = ticketQuery(ticketId)
  if (row) showRow(client, row)
  if (!client.getQueryData(queryKey)) return
  const told = row && !NOT_IN_A_ROW.some((column) => column in changes)
  const answered = row && (isWholeAt(ticketId, row.version) || (actor_id === currentPerson() && hasPending(ticketId)))
  if (!told && !answered) client.invalidateQueries({ queryKey, exact: true })
}

export function useLiveUpdates() {
  const client = useQueryClient()
  useEffect(() => {
    let counting: ReturnType<typeof setTimeout> | undefined
    const disconnect = connectLive({
      onResync: () => client.invalidateQueries(),
      onEvent: (event) => {
        showChange(client, event)
        void showEvent(client, event, currentPerson())
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
