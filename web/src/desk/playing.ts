/** Going through a queue ticket by ticket: after each one that is done with, the next one comes. */
import { useSyncExternalStore } from 'react'

let playing = false
const listeners = new Set<() => void>()
const done = new Set<(ticket: number) => void>()

function set(next: boolean) {
  playing = next
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

/** Told by the live connection, of one's own acts: whichever control made them. */
export function tellDone(ticket: number) {
  if (playing) for (const listener of done) listener(ticket)
}
