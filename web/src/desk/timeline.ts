/** What happened on a ticket, read from the newest back, a page at a time. */
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export type TimelineItem = Schemas['TimelineItem']
export type MessageItem = Extract<TimelineItem, { kind: 'message' }>
export type EventItem = Extract<TimelineItem, { kind: 'event' }>
export type RoutingItem = Extract<TimelineItem, { kind: 'routing' }>

/** What is shown under each filter, in the words of the API. */
const KINDS = {
  all: 'message,event,routing',
  conversation: 'message',
  notes: 'note',
  changes: 'event',
  routing: 'routing',
} as const

export type TimelineFilter = keyof typeof KINDS

export const TIMELINE_FILTERS = Object.keys(KINDS) as TimelineFilter[]

/** Whether a filter shows an item. */
export const isUnder = (filter: TimelineFilter, item: TimelineItem) =>
  KINDS[filter].split(',').includes(item.kind) ||
  (filter === 'notes' && item.kind === 'message' && item.message_kind === 'note')

const PAGE = 80

/** All timelines of a ticket, whatever is shown of them. */
export const timelineKey = (id: number) => ['tickets', id, 'timeline'] as const

/** The items that have been read so far, the oldest first. */
export const timelineQuery = (id: number, filter: TimelineFilter = 'all') =>
  infiniteQueryOptions({
    queryKey: [...timelineKey(id), filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/tickets/{id}/timeline', {
          params: {
            path: { id },
            query: { kind: KINDS[filter], order: 'newest', limit: PAGE, ...(pageParam ? { after: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.items).reverse(),
    placeholderData: keepPreviousData,
  })
