/**
 * The state of the live connection, for every component: whether it stands, which tickets came in, and who else is on
 * a ticket. It knows no cache; desk/live-updates.ts brings its events there.
 */
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { refreshSession, type Schemas } from '@/lib/api/client'
import { type EventMessage, LiveSocket, type Person, type ServerMessage } from './socket'

type Row = Schemas['QueueRow']

export interface LiveEvent extends Omit<EventMessage, 'cursor' | 'ticket_id' | 'ticket'> {
  ticketId: number
  /** Null when the ticket has left what this agent may see. */
  row: Row | null
}

/** A ticket created while the desk was open. */
interface Arrival {
  row: Row
  createdBy: number | null
}

let state: { connected: boolean; arrivals: ReadonlyMap<number, Arrival> } = { connected: false, arrivals: new Map() }
const listeners = new Set<() => void>()
const people = new Map<number, Person[]>()
// A page below the shell mounts before the shell connects, so what it watches is kept here.
const watched = new Map<number, string>()
let socket: LiveSocket | null = null

function update(next: Partial<typeof state>) {
  state = { ...state, ...next }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** While it stands, events bring every change; without it one's own have to be read. */
export const isLive = () => state.connected

const clearArrivals = () => update({ arrivals: new Map() })

export const useLiveState = () => ({ ...useSyncExternalStore(subscribe, () => state), clearArrivals })

function recordArrival({ name, ticketId, row, actor_id: actorId }: LiveEvent) {
  const known = state.arrivals.get(ticketId)
  if (!known && (name !== 'ticket.created' || !row)) return
  const arrivals = new Map(state.arrivals)
  if (row) arrivals.set(ticketId, { row, createdBy: known ? known.createdBy : (actorId ?? null) })
  else arrivals.delete(ticketId)
  update({ arrivals })
}

const notificationListeners = new Set<(id: number) => void>()

/** Calls back for each new notification of this agent. */
export function onNotification(listener: (id: number) => void) {
  notificationListeners.add(listener)
  return () => {
    notificationListeners.delete(listener)
  }
}

interface Handlers {
  onEvent: (event: LiveEvent) => void
  /** What concerns no ticket, such as the progress of a bulk job. */
  onDeskEvent?: (event: Omit<LiveEvent, 'ticketId' | 'row'>) => void
  /** The first line stands: what was read before it may have changed before it. */
  onBegin: () => void
  /** Events were lost: everything has to be read anew. */
  onResync: () => void
}

function receive(message: ServerMessage, { onEvent, onDeskEvent, onResync }: Handlers) {
  switch (message.type) {
    case 'presence':
      people.set(message.ticket_id, message.people)
      return update({})
    case 'refused':
      people.delete(message.ticket_id)
      return update({})
    case 'notification.created':
      for (const listener of notificationListeners) listener(message.id)
      return
    case 'resync':
      return onResync()
    case 'event': {
      const { type: _, cursor: __, ticket_id: ticketId, ticket, ...rest } = message
      if (ticketId === null || ticketId === undefined) return onDeskEvent?.(rest)
      const event = { ...rest, ticketId, row: ticket ?? null }
      onEvent(event)
      recordArrival(event)
    }
  }
}

/** Opens the one connection of this desk; answers how to close it. */
export function connectLive(handlers: Handlers) {
  const live = new LiveSocket({
    open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`),
    beforeRetry: refreshSession,
    onState: (connected) => {
      // The server announces everybody's presence anew after a drop; until then it is unknown.
      if (!connected) people.clear()
      update({ connected })
    },
    onBegin: handlers.onBegin,
    onMessage: (message) => receive(message, handlers),
  })
  socket = live
  for (const [ticketId, activity] of watched) {
    live.watch(ticketId)
    live.announce(ticketId, activity)
  }
  const online = () => live.reconnectNow()
  window.addEventListener('online', online)
  return () => {
    window.removeEventListener('online', online)
    live.stop()
    if (socket === live) socket = null
    people.clear()
    state = { connected: false, arrivals: new Map() }
  }
}

/** Before a log-out: the others see at once that one is gone. */
export function leaveDesk() {
  for (const ticketId of watched.keys()) socket?.unwatch(ticketId)
  socket?.stop()
}

/** Who else is on this ticket, and what they do there. */
export function usePresence(ticketId: number, me: number | undefined) {
  useEffect(() => {
    watched.set(ticketId, 'viewing')
    socket?.watch(ticketId)
    const beat = setInterval(() => socket?.announce(ticketId, watched.get(ticketId) ?? 'viewing'), 20_000)
    return () => {
      clearInterval(beat)
      watched.delete(ticketId)
      socket?.unwatch(ticketId)
    }
  }, [ticketId])
  const setActivity = useCallback(
    (activity: string) => {
      if (!watched.has(ticketId) || watched.get(ticketId) === activity) return
      watched.set(ticketId, activity)
      socket?.announce(ticketId, activity)
    },
    [ticketId],
  )
  useSyncExternalStore(subscribe, () => state)
  return { others: (people.get(ticketId) ?? []).filter((person) => person.id !== me), setActivity }
}
