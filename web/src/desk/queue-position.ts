/**
 * The queue somebody came from to a ticket: where they stood in it, so that they come back there, and which tickets are
 * next to the one they read, so that they go on without coming back.
 */
import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useSyncExternalStore } from 'react'
import type { Pages } from '@/realtime/patch'
import type { Row } from './tickets'

/** The filters of a queue, as the address has them. */
type Search = Record<string, string | undefined>

interface QueuePosition {
  /** The ticket under the cursor, and the index of its row in case the ticket has left the queue. */
  ticket: number | undefined
  index: number
  scrollTop: number
}

interface LeftQueue {
  search: Search
  /** Where the cache has its pages. */
  queryKey: QueryKey
  /** How many tickets it holds, when that is known. */
  total: number | undefined
}

const positions = new Map<string, QueuePosition>()
let last: LeftQueue = { search: {}, queryKey: [], total: undefined }

export const positionIn = (search: Search): QueuePosition =>
  positions.get(JSON.stringify(search)) ?? { ticket: undefined, index: 0, scrollTop: 0 }

/** To be called when a queue is left. */
export function keepPosition(left: LeftQueue, position: QueuePosition) {
  positions.set(JSON.stringify(left.search), position)
  last = left
}

/** The filters of the queue that was left last. */
export const lastQueue = () => last.search

export interface Neighbours {
  /** The place in the queue, from 1. */
  place: number
  /** How many tickets the queue holds; `more` when it holds more than this. */
  total: number
  more: boolean
  previous: number | undefined
  next: number | undefined
}

// A ticket leaves the queue when it is solved: from there the next one is the one that has moved up.
let stood: { id: number; index: number; key: QueryKey } | undefined

/** The tickets next to this one in the queue that was left last; nothing when it is not of that queue. */
export function neighboursOf(client: QueryClient, id: number): Neighbours | undefined {
  const data = client.getQueryData<Pages<Row>>(last.queryKey)
  if (!data) return undefined
  const rows = data.pages.flatMap((page) => page.items)
  const more = Boolean(data.pages.at(-1)?.next)
  const found = rows.findIndex((row) => row.id === id)
  if (found >= 0) stood = { id, index: found, key: last.queryKey }
  const here = stood?.id === id && stood.key === last.queryKey ? stood.index : -1
  const index = found >= 0 ? found : here
  if (index < 0) return undefined
  return {
    place: index + 1,
    total: last.total ?? rows.length,
    more: last.total === undefined && more,
    previous: rows[index - 1]?.id,
    next: rows[found >= 0 ? index + 1 : index]?.id,
  }
}

/** The neighbours of a ticket as the queue stands now, and how to go to them. */
export function useQueueNeighbours(id: number) {
  const client = useQueryClient()
  const navigate = useNavigate()
  // The cache tells of each change; what is read from it is compared as text.
  const read = useSyncExternalStore(
    (listener) => client.getQueryCache().subscribe(listener),
    () => JSON.stringify(neighboursOf(client, id)),
  )
  const neighbours = read ? (JSON.parse(read) as Neighbours) : undefined
  const open = (ticket: number) => {
    const key = JSON.stringify(last.search)
    // Whoever goes back to the queue finds the cursor on the ticket they came to last.
    positions.set(key, { ...positionIn(last.search), ticket })
    return navigate({ to: '/tickets/$id', params: { id: String(ticket) } })
  }
  return {
    neighbours,
    toNext: () => neighbours?.next !== undefined && open(neighbours.next),
    toPrevious: () => neighbours?.previous !== undefined && open(neighbours.previous),
    /** After a ticket is done with: the next one, or back to the queue behind the last. */
    advance: () => {
      const now = neighboursOf(client, id)
      return now?.next !== undefined ? open(now.next) : navigate({ to: '/', search: lastQueue() })
    },
  }
}
