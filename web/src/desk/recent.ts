/** What this person looked at last on this browser: kept per person, so that the next who logs in does not see it. */
import { useSyncExternalStore } from 'react'
import { currentPerson } from '@/lib/person'

export type RecentKind = 'customers' | 'searches'

const MOST = 8
const listeners = new Set<() => void>()
const cache = new Map<string, string[]>()

const keyOf = (kind: RecentKind) => `recent-${kind}:${currentPerson() ?? ''}`

function read(kind: RecentKind): string[] {
  const key = keyOf(kind)
  const known = cache.get(key)
  if (known) return known
  let stored: unknown
  try {
    stored = JSON.parse(localStorage.getItem(key) ?? '[]')
  } catch {
    stored = []
  }
  const list = Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : []
  cache.set(key, list)
  return list
}

function write(kind: RecentKind, list: string[]) {
  cache.set(keyOf(kind), list)
  localStorage.setItem(keyOf(kind), JSON.stringify(list))
  for (const listener of listeners) listener()
}

/** Puts an entry in front of the others of its kind. */
export const remember = (kind: RecentKind, entry: string) =>
  write(kind, [entry, ...read(kind).filter((each) => each !== entry)].slice(0, MOST))

export const forget = (kind: RecentKind, entry: string) =>
  write(
    kind,
    read(kind).filter((each) => each !== entry),
  )

/** The newest first. */
export const useRecent = (kind: RecentKind) =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    () => read(kind),
  )
