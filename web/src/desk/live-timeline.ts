/** Brings events and answers into the conversations that are on screen, so that none has to be read anew. */
import type { QueryClient } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { isLive, type LiveEvent } from '@/realtime/live-store'
import { isBusy } from './acts'
import { type ConversationItem, ticketQuery, timelineQuery } from './tickets'

/** In the order of the API: by time, then by the entry's number. */
const comesAfter = (one: ConversationItem, other: ConversationItem) =>
  one.at === other.at ? one.id > other.id : Date.parse(one.at) >= Date.parse(other.at)

/** Adds an item where it belongs, or puts it in place of its older self. */
function put(client: QueryClient, ticket: number, item: ConversationItem) {
  client.setQueryData(timelineQuery(ticket).queryKey, (items) => {
    if (!items) return items
    const same = items.findIndex(({ kind, id }) => kind === item.kind && id === item.id)
    if (same >= 0) return items.with(same, item)
    const at = items.findLastIndex((other) => comesAfter(item, other)) + 1
    return items.toSpliced(at, 0, item)
  })
}

const asItem = ({ ticket_id: _, kind, created_at, ...message }: Schemas['Message']): ConversationItem => ({
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

const has = (client: QueryClient, ticket: number, message: number) =>
  client.getQueryData(timelineQuery(ticket).queryKey)?.some(({ kind, id }) => kind === 'message' && id === message)

// An answer that takes longer than this is not awaited.
const ANSWER_MS = 1000

/** `me`: a message of one's own is brought by the answer to it. */
export async function showEvent(client: QueryClient, event: LiveEvent, me: number | undefined) {
  const { ticketId: ticket, message_id: message } = event
  const { queryKey } = timelineQuery(ticket)
  if (!client.getQueryData(queryKey)) return
  if (event.name === 'ticket.updated') {
    const { id, at, name, actor, changes, data } = event
    const { changes: _, ...rest } = data
    put(client, ticket, { kind: 'event', id, at, name, actor, changes, data: rest })
  } else if (message === null || !client.getQueryCache().find({ queryKey })?.isActive()) {
    client.invalidateQueries({ queryKey, exact: true })
  } else if (event.name === 'message.created' && has(client, ticket, message)) {
    return
  } else {
    if (event.name === 'message.created' && event.actor_id === me && isBusy(`ticket-${ticket}`)) {
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
      if (has(client, ticket, message)) return
    }
    const path = { id: ticket, message_id: message }
    const read = await unwrap(api.GET('/api/tickets/{id}/messages/{message_id}', { params: { path } })).catch(
      () => null,
    )
    if (read) put(client, ticket, asItem(read))
    else client.invalidateQueries({ queryKey, exact: true })
  }
}
