/** Brings live events to the caches, so that what is on screen stays true while the desk is open. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { announce } from '@/components/ui/announcer'
import { lose } from '@/lib/overtaken'
import { currentPerson } from '@/lib/person'
import { connectLive, type LiveEvent, onNotification } from '@/realtime/live-store'
import { showEvent } from './live-timeline'
import { meQuery } from './me'
import { t } from './messages'
import { readNotificationsAnew } from './notifications'
import { hasPending } from './pending-changes'
import { tellDone } from './playing'
import { MARKS_KEY } from './reads'
import { countsQuery, isWholeAt, QUEUE_KEY, showRow, ticketQuery } from './tickets'
import { timelineKey } from './timeline'

// A busy desk has many events a second: the counts follow at most once in this time.
const COUNTS_MS = 1000
// What is counted view by view costs more.
const TOTALS_MS = 3000
const TOTALS = [['total'], ['view-counts'], MARKS_KEY]

/** What events keep true. */
const FOLLOWED = [['tickets'], QUEUE_KEY, countsQuery.queryKey, ...TOTALS]

const OVER = ['pending', 'on_hold', 'solved', 'closed']

/** Whether a ticket is done with by this event: answered, or set to wait or to an end. */
const isDoneWith = ({ name, row, changes, data }: LiveEvent) =>
  'status' in changes
    ? row !== null && OVER.includes(row.status_category)
    : name === 'message.created' && data.kind === 'reply'

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

/** Whether it may have changed how many slots one has in use: of assignees an event tells the names. */
const isOfOwnLoad = ({ name, row, changes }: LiveEvent, me: { id: number; name: string } | undefined) =>
  (Array.isArray(changes.assignee) && changes.assignee.includes(me?.name)) ||
  ((!row || row.assignee?.id === me?.id) &&
    ('status' in changes || !['ticket.updated', 'message.created'].includes(name)))

/** Whether a ticket is one's own no longer: unread news of its assignment goes a moment later. */
const wasOwn = ({ changes }: LiveEvent, me: { name: string } | undefined) =>
  Array.isArray(changes.assignee) && changes.assignee[0] === me?.name

/** Says that somebody else has written, to those who cannot see it come into the conversation that is open. */
function announceMessage(client: QueryClient, { name, ticketId, actor, actor_id, data }: LiveEvent) {
  if (name !== 'message.created' || !actor || actor_id === currentPerson()) return
  if (client.getQueryCache().findAll({ queryKey: timelineKey(ticketId), type: 'active' }).length)
    announce(data.kind === 'note' ? t.wroteNote(actor.name) : t.answered(actor.name))
}

export function useLiveUpdates() {
  const client = useQueryClient()
  useEffect(() => {
    let counting: ReturnType<typeof setTimeout> | undefined
    let totalling: ReturnType<typeof setTimeout> | undefined
    let loading: ReturnType<typeof setTimeout> | undefined
    let withdrawing: ReturnType<typeof setTimeout> | undefined
    const disconnect = connectLive({
      onBegin: () => {
        for (const queryKey of FOLLOWED) void lose(client, { queryKey })
        void readNotificationsAnew(client)
      },
      onResync: () => lose(client),
      onEvent: (event) => {
        showChange(client, event)
        void showEvent(client, event, currentPerson())
        announceMessage(client, event)
        if (event.actor_id === currentPerson() && isDoneWith(event)) tellDone(event.ticketId)
        if (isOfOwnLoad(event, client.getQueryData(meQuery.queryKey)))
          loading ??= setTimeout(() => {
            loading = undefined
            client.invalidateQueries({ queryKey: meQuery.queryKey, exact: true })
          }, COUNTS_MS)
        if (wasOwn(event, client.getQueryData(meQuery.queryKey)))
          withdrawing ??= setTimeout(() => {
            withdrawing = undefined
            void readNotificationsAnew(client)
          }, TOTALS_MS)
        totalling ??= setTimeout(() => {
          totalling = undefined
          for (const queryKey of TOTALS) client.invalidateQueries({ queryKey })
        }, TOTALS_MS)
        counting ??= setTimeout(() => {
          counting = undefined
          client.invalidateQueries({ queryKey: countsQuery.queryKey })
        }, COUNTS_MS)
      },
    })
    const quiet = onNotification(() => readNotificationsAnew(client))
    return () => {
      quiet()
      clearTimeout(counting)
      clearTimeout(totalling)
      clearTimeout(loading)
      clearTimeout(withdrawing)
      disconnect()
    }
  }, [client])
}
