import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Row } from '@/features/queue/queries'
import { refreshSession } from '@/lib/api/client'
import { patchRow } from './patch'
import { LiveSocket, type Person } from './socket'

let state = { connected: false, fresh: 0 }
const listeners = new Set<() => void>()
const people = new Map<number, Person[]>()
// A page below the shell mounts before the shell connects, so what it watches is kept here.
const watched = new Set<number>()
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

export const useLiveState = () => ({
  ...useSyncExternalStore(subscribe, () => state),
  seen: () => change({ fresh: 0 }),
})

/** Keeps the caches true while the desk is open: events patch rows and renew what is on screen. */
export function useLive() {
  const client = useQueryClient()
  useEffect(() => {
    let counting: ReturnType<typeof setTimeout> | undefined
    const live = new LiveSocket({
      open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`),
      beforeRetry: refreshSession,
      onState: (connected) => change({ connected }),
      onMessage: (message) => {
        if (message.type === 'presence') {
          people.set(message.ticket_id, message.people)
          change({})
        }
        if (message.type === 'resync') client.invalidateQueries()
        if (message.type !== 'event') return
        const row = message.ticket as Row | null
        if (row)
          client.setQueriesData<InfiniteData<{ items: Row[] }>>({ queryKey: ['queue'] }, (data) => patchRow(data, row))
        if (message.name === 'ticket.created') change({ fresh: state.fresh + 1 })
        client.invalidateQueries({ queryKey: ['tickets', message.ticket_id] })
        // A busy desk has many events a second: the counts follow at most once each second.
        counting ??= setTimeout(() => {
          counting = undefined
          client.invalidateQueries({ queryKey: ['counts'] })
        }, 1000)
      },
    })
    socket = live
    for (const ticketId of watched) live.watch(ticketId)
    return () => {
      clearTimeout(counting)
      live.stop()
    }
  }, [client])
}

/** Who else is on this ticket, and what they do there. */
export function usePresence(ticketId: number, me: number | undefined) {
  const [writing, setWriting] = useState<string>('viewing')
  useEffect(() => {
    watched.add(ticketId)
    socket?.watch(ticketId)
    return () => {
      watched.delete(ticketId)
      socket?.unwatch(ticketId)
    }
  }, [ticketId])
  useEffect(() => {
    socket?.present(ticketId, writing)
    const beat = setInterval(() => socket?.present(ticketId, writing), 20_000)
    return () => clearInterval(beat)
  }, [ticketId, writing])
  useSyncExternalStore(subscribe, () => state)
  return { others: (people.get(ticketId) ?? []).filter((person) => person.id !== me), setWriting }
}
