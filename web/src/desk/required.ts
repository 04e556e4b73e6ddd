/**
 * What the API wants before it solves a ticket: it refuses, names the fields, and whoever solves is asked for them. The
 * page of a ticket asks by itself; for the lists one dialog stands ready (ask-required.tsx).
 */
import { useSyncExternalStore } from 'react'
import { ApiProblem } from '@/lib/api/client'
import { isSolving, type TicketChange } from './ticket-changes'
import type { Row } from './tickets'

/** A change that the API takes once these fields have values. */
export interface Missing {
  change: TicketChange
  problems: { path: string; message: string }[]
}

/** What a refusal asks for; undefined when it is about something else. */
export const missingOf = (change: TicketChange, error: unknown): Missing | undefined =>
  error instanceof ApiProblem &&
  error.status !== 409 &&
  isSolving(change) &&
  error.problems.length > 0 &&
  error.problems.every(({ path }) => path.startsWith('custom.'))
    ? { change, problems: error.problems }
    : undefined

interface Asked extends Missing {
  row: Row
}

let asked: Asked | null = null
const listeners = new Set<() => void>()

const set = (next: Asked | null) => {
  asked = next
  for (const each of listeners) each()
}

export const askFor = (next: Asked) => set(next)

/** Unless something else has been asked for meanwhile. */
export const endAsking = (of: Asked) => {
  if (asked === of) set(null)
}

const current = () => asked

export const useAsked = () =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, current)
