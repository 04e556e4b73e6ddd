/** Going through a queue ticket by ticket: after each one that is done with, the next one comes. Goes on after a reload. */
import { useSyncExternalStore } from 'react'

const STORED = 'playing'

let playing = globalThis.sessionStorage?.getItem(STORED) === 'on'
const listeners = new Set<() => void>()
const done = new Set<(ticket: number) => void>()
/** Whoever comes back to one of these has a reason to, and stays. */
const past = new Set<number>()

function set(next: boolean) {
  playing = next
  past.clear()
  if (next) sessionStorage.setItem(STORED, 'on')
  else sessionStorage.removeItem(STORED)
  for (const listener of listeners) listener()
}

export const startPlaying = () => set(true)
export const stopPlaying = () => set(false)

export const usePlaying = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    () => playing,
  )

/** Calls back when this person has answered a ticket, or given it a status in which it waits or is over. */
export function onDone(listener: (ticket: number) => void) {
  done.add(listener)
  return () => {
    done.delete(listener)
  }
}

/**
 * Told by the live connection, of one's own acts, whichever control made them. A reply tells it when it is handed over:
 * when it goes out, its writer is elsewhere. Once for each ticket.
 */
export function tellDone(ticket: number) {
  if (!playing || past.has(ticket)) return
  past.add(ticket)
  for (const listener of done) listener(ticket)
}

/** What was done was taken back. */
export const tellUndone = (ticket: number) => past.delete(ticket)
