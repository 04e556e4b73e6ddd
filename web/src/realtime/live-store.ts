import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { Row } from '@/features/queue/queries'
import { refreshSession } from '@/lib/api/client'
import { patchRow } from './patch'
import { LiveSocket, type Person } from './socket'

/** A ticket that came in while the desk was open, and who opened it. */
export interface Arrival {
  row: Row
  by: number | null
}

let state: { connected: boolean; arrivals: ReadonlyMap<number, Arrival> } = { connected: false, arrivals: new Map() }
const listeners = new Set<() => void>()
const people = new Map<number, Person[]>()
// A page below the shell mounts before the shell connects, so what it watches is kept here.
const watched = new Map<number, string>()
let socket: LiveSocket | null = null

function change(next: Partial<typeof state>) {
  state = { ...state, ...next }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

const seen = () => change({ arrivals: new Map() })

export const useLiveState = () => ({ ...useSyncExternalStore(subscribe, () => state), seen })

function arrive(name: string, id: number, row: Row | null, by: number | null) {
  const known = state.arrivals.get(id)
  if (!known && (name !== 'ticket.created' || !row)) return
  const arrivals = new Map(state.arrivals)
  if (row) arrivals.set(id, { row, by: known ? known.by : by })
  else arrivals.delete(id)
  change({ arrivals })
}

/** Keeps the caches true while the desk is open: events patch rows and renew what is on screen. */
export function useLive() {
  const client = useQueryClient()
  useEffect(() => {
    let counting: ReturnType<typeof setTimeout> | undefined
    const live = new LiveSocket({
      open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`),
      beforeRetry: refreshSession,
      onState: (connected) => {
        // Who is on a ticket is told anew after a drop; until then nobody knows.
        if (!connected) people.clear()
        change({ connected })
      },
      onMessage: (message) => {
        if (message.type === 'presence') {
          people.set(message.ticket_id, message.people)
          change({})
        }
        if (message.type === 'refused') {
          people.delete(message.ticket_id)
          change({})
        }
        if (message.type === 'resync') client.invalidateQueries()
        if (message.type !== 'event') return
        const row = message.ticket as Row | null
        if (row)
          client.setQueriesData<InfiniteData<{ items: Row[] }>>({ queryKey: ['queue'] }, (data) => patchRow(data, row))
        arrive(message.name, message.ticket_id, row, message.actor_id)
        client.invalidateQueries({ queryKey: ['tickets', message.ticket_id] })
        // A busy desk has many events a second: the counts follow at most once each second.
        counting ??= setTimeout(() => {
          counting = undefined
          client.invalidateQueries({ queryKey: ['counts'] })
        }, 1000)
      },
    })
    socket = live
    for (const [ticketId, doing] of watched) {
      live.watch(ticketId)
      live.present(ticketId, doing)
    }
    const online = () => live.hurry()
    window.addEventListener('online', online)
    return () => {
      window.removeEventListener('online', online)
      clearTimeout(counting)
      live.stop()
      if (socket === live) socket = null
      people.clear()
      state = { connected: false, arrivals: new Map() }
    }
  }, [client])
}

/** Who else is on this ticket, and what they do there. */
export function usePresence(ticketId: number, me: number | undefined) {
  useEffect(() => {
    watched.set(ticketId, 'viewing')
    socket?.watch(ticketId)
    const beat = setInterval(() => socket?.present(ticketId, watched.get(ticketId) ?? 'viewing'), 20_000)
    return () => {
      clearInterval(beat)
      watched.delete(ticketId)
      socket?.unwatch(ticketId)
    }
  }, [ticketId])
  const setWriting = useCallback(
    (doing: string) => {
      if (!watched.has(ticketId) || watched.get(ticketId) === doing) return
      watched.set(ticketId, doing)
      socket?.present(ticketId, doing)
    },
    [ticketId],
  )
  useSyncExternalStore(subscribe, () => state)
  return { others: (people.get(ticketId) ?? []).filter((person) => person.id !== me), setWriting }
}
