/** For how long what cannot be undone once it is sent is held, so that it can be taken back: chosen in each browser. */
import { useSyncExternalStore } from 'react'

const STORED = 'undo-send-seconds'
const USUAL = 5
export const HELD_CHOICES = [0, 5, 10, 20]

const listeners = new Set<() => void>()

/** In seconds. */
export function heldSeconds() {
  const chosen = Number(localStorage.getItem(STORED) ?? USUAL)
  return Number.isFinite(chosen) ? Math.min(Math.max(chosen, 0), 60) : USUAL
}

export function chooseHeldSeconds(seconds: number) {
  localStorage.setItem(STORED, String(seconds))
  for (const listener of listeners) listener()
}

export const useHeldSeconds = () =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, heldSeconds)
