/**
 * Acts that can be undone, the newest last: one stack for this tab. Each is offered in a notice, and Ctrl+Z takes the
 * newest one that is not undone yet.
 */
import { createElement, type ReactNode, useSyncExternalStore } from 'react'
import { keyName } from '@/components/ui/kbd'
import { toast } from '@/components/ui/toast'
import { ApiProblem } from '@/lib/api/client'
import { MAC } from '@/lib/mac'
import { onPersonChange } from '@/lib/person'
import { t } from './messages'
import { Problems } from './problems'

export interface Undoable {
  /** What was done: "Solved #53188". */
  text: string
  /** What is said once it is undone; without it, that the act was. */
  undone?: string
  /** More of what was done, below it. */
  about?: string
  /** Puts everything back in one step; what it throws is told to the person, as is what it answers as `Kept`. */
  undo: () => Promise<unknown> | undefined
  /** The page tells it already, and offers the same: no notice says it again. */
  told?: boolean
  /** It has not been done yet: the notice says so, and stays until then. */
  until?: { due: number; note: ReactNode }
  /** It was done before this page was loaded, and so before everything that was done on it. */
  earlier?: boolean
}

/** What stays as it is although the act was undone, in words. */
export class Kept {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

interface Offer extends Undoable {
  id: string
}

/** As long as a notice stays; Ctrl+Z reaches further back. */
const NOTICE_MS = 8000
const MOST = 50

let offers: readonly Offer[] = []
let count = 0
const listeners = new Set<() => void>()

function change(next: readonly Offer[]) {
  offers = next
  for (const listener of listeners) listener()
}

/** Where nothing is typed there is no key to tell. */
const keyHint = () => (globalThis.matchMedia?.('(pointer: coarse)').matches ? '' : ` ${undoKey()}`)

export const undoKey = () => (MAC ? '⌘Z' : keyName('Ctrl+Z'))

function tell(offer: Offer) {
  const { id, text, until, about } = offer
  const description = until?.note ?? about
  toast(text, {
    id,
    duration: until ? until.due - Date.now() : NOTICE_MS,
    ...(description ? { description } : {}),
    action: { label: `${t.undo.undo}${keyHint()}`, onClick: () => void carryOut(offer) },
  })
}

function enter({ told = false, ...act }: Undoable): Offer {
  const offer: Offer = { id: `undo-${++count}`, ...act }
  if (told && act.earlier) {
    change([offer, ...offers].slice(-MOST))
    return offer
  }
  // The key is for this one now, and the page says so: no notice says otherwise of an earlier one.
  if (told) for (const { id } of offers) toast.dismiss(id)
  change([...offers, offer].slice(-MOST))
  if (!told) tell(offer)
  return offer
}

/** Tells what was done and offers to undo it, in a notice and by Ctrl+Z. Answers how to take the offer back. */
export function offerUndo(act: Undoable): () => void {
  const offer = enter(act)
  return () => forget(offer)
}

/** The answer says more of what was done; nothing is told of what is undone already. */
function retell(offer: Offer, more: Pick<Undoable, 'text' | 'about' | 'undone'>) {
  if (!isOffered(offer)) return
  const now = { ...offer, ...more }
  change(offers.map((each) => (each.id === offer.id ? now : each)))
  tell(now)
}

/**
 * The same for an act that is not answered yet: Ctrl+Z right after it is meant for it and for no earlier one. A refusal
 * takes the offer back, and is for the caller to tell.
 */
export function withUndo<T>(
  work: Promise<T>,
  text: string,
  undo: (answer: T) => Promise<unknown>,
  /** What the answer says beyond the text. */
  more?: (answer: T) => Pick<Undoable, 'text' | 'about' | 'undone'> | undefined,
): Promise<T> {
  const offer = enter({ text, undo: async () => undo(await work) })
  return work.then(
    (answer) => {
      const told = more?.(answer)
      if (told) retell(offer, told)
      return answer
    },
    (error) => {
      forget(offer)
      throw error
    },
  )
}

const isOffered = ({ id }: Offer) => offers.some((each) => each.id === id)

function forget({ id }: Offer) {
  toast.dismiss(id)
  change(offers.filter((each) => each.id !== id))
}

/** Why it was not undone, in words. */
export const whyNotUndone = (error: unknown): ReactNode => {
  if (error instanceof ApiProblem && error.status === 409) return t.undo.changedMeanwhile
  if (error instanceof ApiProblem && error.problems.length) return createElement(Problems, { of: error.problems })
  return error instanceof Error ? error.message : undefined
}

async function carryOut(offer: Offer) {
  if (!isOffered(offer)) return
  forget(offer)
  try {
    const answer = await offer.undo()
    toast(offer.undone ?? t.undo.undone(offer.text), answer instanceof Kept ? { description: answer.text } : {})
  } catch (error) {
    const description = whyNotUndone(error)
    toast.error(t.undo.failed(offer.text), {
      ...(description ? { description } : {}),
      action: {
        label: t.retry,
        onClick: () => {
          change([...offers, offer])
          void carryOut(offer)
        },
      },
    })
  }
}

/** Undoes the newest act; false when there is none. */
export function undoNewest(): boolean {
  const newest = offers.at(-1)
  if (!newest) {
    toast(t.undo.nothing)
    return false
  }
  void carryOut(newest)
  return true
}

/** The act that Ctrl+Z would undo now. */
export const useNewestUndo = (): Undoable | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => offers.at(-1),
  )

onPersonChange(() => {
  for (const { id } of offers) toast.dismiss(id)
  change([])
})
