/**
 * The queue somebody came from to a ticket: where they stood in it, so that they come back there, and which tickets are
 * next to the one they read, so that they go on without coming back. This tab finds it again when it is loaded anew.
 */
import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { useCallback, useSyncExternalStore } from 'react'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { currentPerson } from '@/lib/person'
import type { Pages } from '@/realtime/patch'
import { t } from './messages'
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

/** Its filters are of one person, and nothing for the next who signs in here. */
interface Kept extends LeftQueue {
  person: number | undefined
  position: QueuePosition
  /** The ticket that was read last. It leaves the queue when it is solved: the next one has then moved up to its place. */
  stood: { id: number; index: number } | undefined
}

const STORED = 'queue-left'
const NOWHERE: QueuePosition = { ticket: undefined, index: 0, scrollTop: 0 }
const positions = new Map<string, QueuePosition>()
let kept = readStored()

function readStored(): Kept | undefined {
  try {
    const left = JSON.parse(globalThis.sessionStorage?.getItem(STORED) ?? 'null') as Kept | null
    if (left) positions.set(JSON.stringify(left.search), left.position)
    return left ?? undefined
  } catch {
    return undefined
  }
}

const last = () => (kept?.person === currentPerson() ? kept : undefined)

function store(next: Kept) {
  kept = next
  positions.set(JSON.stringify(next.search), next.position)
  try {
    sessionStorage.setItem(STORED, JSON.stringify(next))
  } catch {
    // Nothing is found again after a reload, and that is all.
  }
}

export const positionIn = (search: Search): QueuePosition => positions.get(JSON.stringify(search)) ?? NOWHERE

/** To be called when a queue is left. */
export const keepPosition = (left: LeftQueue, position: QueuePosition) =>
  store({ ...left, position, stood: undefined, person: currentPerson() })

/** The filters of the queue that was left last. */
export const lastQueue = (): Search => last()?.search ?? {}

/** The queue that was left last, and whether the cache has it. */
export function leftQueue(client: QueryClient) {
  const left = last()
  return left && { search: left.search, read: client.getQueryData(left.queryKey) !== undefined }
}

export interface Neighbours {
  /** The place in the queue, from 1. */
  place: number
  /** How many tickets the queue holds; `more` when it holds more than this. */
  total: number
  more: boolean
  previous: number | undefined
  /** The next one that is read; the queue may go on behind it. */
  next: number | undefined
  goesOn: boolean
  /** How many rows are read behind this one; less than none when its own page is not read yet. */
  ahead: number
}

/** What was found last: it is asked for by several, at each change of whatever the cache holds. */
let known: { left: Kept | undefined; data: Pages<Row>; id: number; neighbours: Neighbours | undefined } | undefined

/** The tickets next to this one in the queue that was left last; nothing when it is not of that queue. */
export function neighboursOf(client: QueryClient, id: number): Neighbours | undefined {
  const left = last()
  const data = left && client.getQueryData<Pages<Row>>(left.queryKey)
  if (!left || !data) return undefined
  if (known?.left !== left || known.data !== data || known.id !== id) {
    const neighbours = findNeighbours(left, data, id)
    // Finding them may have stored the place.
    known = { left: last(), data, id, neighbours }
  }
  return known.neighbours
}

function findNeighbours(left: Kept, data: Pages<Row>, id: number): Neighbours | undefined {
  const rows = data.pages.flatMap((page) => page.items)
  const unread = Boolean(data.pages.at(-1)?.next)
  const found = rows.findIndex((row) => row.id === id)
  const index = found >= 0 ? found : left.stood?.id === id ? left.stood.index : -1
  if (index < 0) return undefined
  if (left.stood?.id !== id || left.stood.index !== index) store({ ...left, stood: { id, index } })
  const after = found >= 0 ? index + 1 : index
  return {
    place: index + 1,
    total: left.total ?? rows.length,
    more: left.total === undefined && unread,
    previous: rows[index - 1]?.id,
    next: rows[after]?.id,
    goesOn: rows[after] !== undefined || unread,
    ahead: rows.length - after,
  }
}

/** Reads the next page of the queue that was left; given by whoever knows how a queue is read. */
let readMore: (() => Promise<unknown>) | undefined
let reading: Promise<unknown> | undefined

export function provideMore(read: () => Promise<unknown>) {
  readMore = read
  return () => {
    if (readMore === read) readMore = undefined
  }
}

export const readOn = () => {
  reading ??= readMore?.().finally(() => {
    reading = undefined
  })
  return reading ?? Promise.resolve()
}

/** The neighbours of a ticket as the queue stands now, and how to go to them. */
export function useQueueNeighbours(id: number) {
  const client = useQueryClient()
  const router = useRouter()
  const navigate = useNavigate()
  // The cache tells of each change; what is read from it is compared as text.
  const read = useSyncExternalStore(
    useCallback((listener) => client.getQueryCache().subscribe(listener), [client]),
    () => JSON.stringify(neighboursOf(client, id)),
  )
  const neighbours = read ? (JSON.parse(read) as Neighbours) : undefined
  const open = (ticket: number) => {
    const left = last()
    // Whoever goes back to the queue finds the cursor on the ticket they came to last.
    if (left) store({ ...left, position: { ...left.position, ticket } })
    return navigate({ to: '/tickets/$id', params: { id: String(ticket) } })
  }
  /** Goes to the one beside it, also when that is not read yet. False where there is none. */
  const to = async (side: 'previous' | 'next'): Promise<boolean> => {
    const here = router.state.location.pathname
    const missing = (now: Neighbours | undefined) =>
      now?.goesOn && now[side] === undefined && (side === 'next' || now.place > 1)
    let now = neighboursOf(client, id)
    while (missing(now) && readMore) {
      try {
        await readOn()
      } catch (error) {
        toast.error(t.restFailed, { description: told((error as Error).message) })
        return true
      }
      // Meanwhile somebody may have gone elsewhere.
      if (router.state.location.pathname !== here) return true
      now = neighboursOf(client, id)
    }
    const ticket = now?.[side]
    if (ticket === undefined) return false
    await open(ticket)
    return true
  }
  return {
    neighbours,
    toNext: () => void to('next'),
    toPrevious: () => void to('previous'),
    /** After a ticket is done with: the next one, or back to the queue behind the last. Answers whether there was one. */
    advance: async () => {
      const there = await to('next')
      if (!there) await navigate({ to: '/', search: lastQueue() })
      return there
    },
  }
}
