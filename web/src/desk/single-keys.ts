/**
 * Whether keys without a modifier act on the desk. Who speaks to the computer, or hits keys by accident, turns them off
 * (WCAG 2.1.4); Escape, Enter and arrows stay, and everything is in the palette and in menus.
 */
import { useSyncExternalStore } from 'react'

const STORED = 'single-keys'
const listeners = new Set<() => void>()

export const singleKeysOn = () => localStorage.getItem(STORED) !== 'off'

export function chooseSingleKeys(on: boolean) {
  localStorage.setItem(STORED, on ? 'on' : 'off')
  for (const listener of listeners) listener()
}

export const useSingleKeys = () =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, singleKeysOn)

/** A letter, a digit or a sign, typed alone. */
export const isSilenced = ({ key }: { key: string }) => key.length === 1 && key !== ' ' && !singleKeysOn()
