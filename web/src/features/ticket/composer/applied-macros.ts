/**
 * Macros that were applied to what is written on a ticket. As its draft, they outlast the page that shows them, and go
 * and come back with the message.
 */
import { useMemo, useSyncExternalStore } from 'react'
import type { Macro } from '@/desk/macros'
import type { Kept } from '@/desk/undo'
import { onPersonChange } from '@/lib/person'
import type { MacroPreview } from './macros'
import type { Kind } from './outgoing'

export interface Applied {
  key: string
  ticket: number
  kind: Kind
  macro: Macro
  changes: MacroPreview['changes']
  /** The text before it: where undo comes back to. */
  before: string
  /** The desk has not answered yet. */
  applying: boolean
  /** Answers how to put the ticket back; null where the desk refused. */
  work: Promise<(() => Promise<Kept | undefined>) | null>
  /** The message on its way out that it belongs to. */
  message?: string
}

/** Whether it changes more than the status, which the message sets. */
export const changesMore = (changes: Applied['changes']) =>
  Object.keys(changes).some((key) => key !== 'status' && key !== 'status_category')

let all: readonly Applied[] = []
const listeners = new Set<() => void>()

function set(next: readonly Applied[]) {
  all = next
  for (const listener of listeners) listener()
}

const isOf =
  (ticket: number, kind: Kind) =>
  (each: Applied): boolean =>
    each.ticket === ticket && each.kind === kind && each.message === undefined

export const appliedMacros = {
  of: (ticket: number, kind: Kind) => all.filter(isOf(ticket, kind)),
  add: (applied: Applied) => set([...all, applied]),
  end: (key: string) => set(all.map((each) => (each.key === key ? { ...each, applying: false } : each))),
  remove: (key: string) => set(all.filter((each) => each.key !== key)),
  moveTo: (ticket: number, from: Kind, to: Kind) =>
    set(all.map((each) => (isOf(ticket, from)(each) ? { ...each, kind: to } : each))),
  /** The message is on its way out. */
  goWith: (ticket: number, kind: Kind, message: string) =>
    set(all.map((each) => (isOf(ticket, kind)(each) ? { ...each, message } : each))),
  with: (message: string) => all.filter((each) => each.message === message),
  /** The message is a draft again. */
  comeBack: (message: string) =>
    set(all.map(({ message: of, ...each }) => (of === undefined || of === message ? each : { ...each, message: of }))),
  /** The message has been sent. */
  sent: (message: string) => set(all.filter((each) => each.message !== message)),
}

export function useAppliedMacros(ticket: number, kind: Kind): Applied[] {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => all,
  )
  return useMemo(() => now.filter(isOf(ticket, kind)), [now, ticket, kind])
}

onPersonChange(() => set([]))
