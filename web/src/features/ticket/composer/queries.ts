/** Sends messages, and reads what one writes them with: people and macros. */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query'
import { statusesQuery } from '@/desk/config'
import { currentOf } from '@/desk/conflicts'
import { incidentsOf, tellIncidents } from '@/desk/incidents'
import { showMessage } from '@/desk/live-timeline'
import { ownVersion } from '@/desk/own-versions'
import { ticketQuery } from '@/desk/tickets'
import { api, postAtClosing, type Schemas, unwrap } from '@/lib/api/client'
import { overtakenBy } from './guards'
import { type Outgoing, Overtaken } from './outgoing'

/** Customers and staff by name or address. */
export const peopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['people', q],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET('/api/users', { params: { query: { q, limit: 8 } }, signal })),
  })

// Another version is another request: the one before was refused, and did nothing.
const keyOf = (message: Outgoing, version: number) => `${message.key}-${version}`

const bodyOf = (message: Outgoing, version: number): Schemas['CreateMessage'] => ({
  kind: message.kind,
  body_html: message.html,
  ...(message.files.length ? { attachment_ids: message.files.flatMap(({ id }) => id ?? []) } : {}),
  ...(message.status ? { status: message.status } : {}),
  ...(message.signed ? { with_signature: true } : {}),
  ...(message.draft === undefined ? {} : { draft_version: message.draft }),
  // A note may say what it says whatever others have done; a reply must know what the customer has been told.
  ...(message.kind === 'reply' ? { version } : {}),
})

const post = (message: Outgoing, version: number) =>
  unwrap(
    api.POST('/api/tickets/{id}/messages', {
      params: { path: { id: message.ticket } },
      headers: { 'idempotency-key': keyOf(message, version) },
      body: bodyOf(message, version),
    }),
  )

/** The version that it was sent for, by a page that is being closed; undefined where such a page cannot send it. */
export function sendAtClosing(message: Outgoing): number | undefined {
  const version = ownVersion(message.ticket, message.version)
  const path = `/api/tickets/${message.ticket}/messages`
  return postAtClosing(path, keyOf(message, version), bodyOf(message, version)) ? version : undefined
}

/** The newest messages of a ticket, whatever this page has heard of them. */
const latest = async (ticket: number) => {
  const query = { kind: 'message', order: 'newest', limit: 20 }
  const page = await unwrap(api.GET('/api/tickets/{id}/timeline', { params: { path: { id: ticket }, query } }))
  return page.items.reverse()
}

/** Of a problem that this message is going to solve. */
async function incidentsSolvedBy(client: QueryClient, { ticket, status }: Outgoing) {
  const incidents = status ? incidentsOf(client, client.getQueryData(ticketQuery(ticket).queryKey)) : undefined
  const statuses = incidents && (await client.ensureQueryData(statusesQuery).catch(() => undefined))
  const { category } = statuses?.items.find(({ key }) => key === status) ?? {}
  return category === 'solved' ? incidents : undefined
}

const MOST_TRIES = 5

/**
 * Sends a message. A reply is refused when somebody has changed the ticket: unless they have answered the customer,
 * nothing stands against it, and it is sent again.
 */
export const sendMessage =
  (client: QueryClient) =>
  async (message: Outgoing): Promise<Schemas['Message']> => {
    let version = ownVersion(message.ticket, message.version)
    const incidents = await incidentsSolvedBy(client, message)
    await incidents?.look()
    for (let tries = 1; ; tries++) {
      try {
        const sent = await post(message, version)
        showMessage(client, sent)
        if (incidents) void tellIncidents(message.ticket, incidents)
        return sent
      } catch (error) {
        const current = currentOf(error)
        if (!current || tries === MOST_TRIES) throw error
        const other = overtakenBy(await latest(message.ticket), message.seen, message.person, message.requester)
        if (other?.author) throw new Overtaken({ id: other.author.id, name: other.author.name })
        version = current.version
      }
    }
  }
