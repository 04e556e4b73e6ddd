/** Brings events and answers into the conversations that are on screen, so that none has to be read anew. */
import type { QueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { overtake } from '@/lib/overtaken'
import { isLive, type LiveEvent } from '@/realtime/live-store'
import { isBusy } from './acts'
import { ticketQuery } from './tickets'
import { isUnder, TIMELINE_FILTERS, type TimelineItem, timelineKey, timelineQuery } from './timeline'

/** In the order of the API: by time, then by the entry's number. */
const comesAfter = (one: TimelineItem, other: TimelineItem) =>
  one.at === other.at ? one.id > other.id : Date.parse(one.at) >= Date.parse(other.at)

/** Adds an item where it belongs, or puts it in place of its older self, under each filter that shows it. */
function put(client: QueryClient, ticket: number, item: TimelineItem) {
  for (const filter of TIMELINE_FILTERS.filter((each) => isUnder(each, item)))
    client.setQueryData(timelineQuery(ticket, filter).queryKey, (data) => {
      if (!data) return data
      const isSame = ({ kind, id }: TimelineItem) => kind === item.kind && id === item.id
      const same = data.pages.findIndex((page) => page.items.some(isSame))
      // Pages and their items go back from the newest; what is older than all that was read comes with its page.
      const isPlace = (other: TimelineItem) => comesAfter(item, other)
      const last = data.pages.length - 1
      const place = data.pages.findIndex((page, at) => page.items.some(isPlace) || (at === last && !page.next))
      return {
        ...data,
        pages: data.pages.map((page, at) => {
          if (at === same) return { ...page, items: page.items.map((other) => (isSame(other) ? item : other)) }
          if (same >= 0 || at !== place) return page
          const before = page.items.findIndex(isPlace)
          return { ...page, items: page.items.toSpliced(before < 0 ? page.items.length : before, 0, item) }
        }),
      }
    })
  overtake(client, { queryKey: timelineKey(ticket) })
}

const asItem = ({ kind, created_at, ...message }: Schemas['Message']): TimelineItem => ({
  ...message,
  kind: 'message',
  message_kind: kind,
  at: created_at,
})

/** Shows a message that the API has answered, in place of its older self when there is one. */
export function showMessage(client: QueryClient, message: Schemas['Message']) {
  put(client, message.ticket_id, asItem(message))
  // Without a line, no event brings the status that was set with it.
  if (!isLive()) client.invalidateQueries({ queryKey: ticketQuery(message.ticket_id).queryKey })
}

const asEvent = ({ id, at, name, message_id, actor = null, changes, data }: LiveEvent): TimelineItem => {
  const { changes: _, ...rest } = data
  return { kind: 'event', id, at, name, message_id: message_id ?? null, actor, changes, data: rest }
}

const has = (client: QueryClient, ticket: number, message: number) =>
  client
    .getQueryData(timelineQuery(ticket).queryKey)
    ?.pages.some((page) => page.items.some(({ kind, id }) => kind === 'message' && id === message))

// An answer that takes longer than this is not awaited.
const ANSWER_MS = 1000

/** `me`: a message of one's own is brought by the answer to it. */
export async function showEvent(client: QueryClient, event: LiveEvent, me: number | undefined) {
  const { ticketId: ticket, message_id: message } = event
  const queryKey = timelineKey(ticket)
  const known = client.getQueryCache().findAll({ queryKey })
  if (!known.length) return
  // A decision of routing stands beside such a change, and no event tells of it.
  const routed = !event.actor && ('assignee' in event.changes || 'team' in event.changes)
  if (event.name === 'ticket.updated' && !routed) {
    put(client, ticket, asEvent(event))
  } else if (message === null || message === undefined || !known.some((query) => query.isActive())) {
    client.invalidateQueries({ queryKey })
  } else if (event.name === 'message.created' && has(client, ticket, message)) {
    return
  } else {
    // That it was edited or redacted stands in a line of its own.
    if (event.name !== 'message.created') put(client, ticket, asEvent(event))
    if (event.name === 'message.created' && event.actor_id === me && isBusy(`ticket-${ticket}`)) {
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
      if (has(client, ticket, message)) return
    }
    const path = { id: ticket, message_id: message }
    const read = await unwrap(api.GET('/api/tickets/{id}/messages/{message_id}', { params: { path } })).catch(
      () => null,
    )
    if (read) put(client, ticket, asItem(read))
    else client.invalidateQueries({ queryKey })
  }
}
