/**
 * The one place through which acts are sent. Acts of one lane go out one after the other. One made offline, while the
 * server is away or after the session has ended waits visibly (app/connection-bar.tsx), and is sent when there is a
 * line again; it carries the same key each time, so that a resend never does a thing twice. One whose work is data
 * waits in this browser too, for the next page of the same person.
 */
import { useSyncExternalStore } from 'react'
import { toast } from '@/components/ui/toast'
import { ApiProblem } from '@/lib/api/client'
import { keep, namesKept, readKept } from '@/lib/kept-texts'
import { holdPage, randomKey, thisPage, whenClosed } from '@/lib/open-pages'
import { currentPerson, onPersonChange, onPersonKnown, personForSure } from '@/lib/person'
import { type Held, hold } from './held'
import { heldSeconds } from './held-seconds'
import { t } from './messages'
import type { Work } from './work'

/** The lane of acts on several tickets: what a merge has left is what the next act is for. */
export const SEVERAL = 'several'

export interface Act<T> {
  /** What it does, in words: "Solve #53188". */
  text: string
  /** `ticket-7`: what must happen in order. */
  lane: string
  /** Words that somebody wrote: they can be copied while the act waits. */
  words?: string | undefined
  /** `key`: the Idempotency-Key for a POST. */
  send: (key: string) => Promise<T>
  /** The same as data, by which another page can send it; without it the act ends with this page. */
  work?: { kind: Work['kind']; data: unknown } | undefined
  /** Given to an act that a page before this one began. */
  key?: string | undefined
  /** Cannot be undone once it is sent: it waits for some seconds first, in which it can be taken back. */
  held?: boolean | undefined
}

/** An act as it waits in this browser. */
export interface KeptAct {
  key: string
  text: string
  lane: string
  words?: string
  work: Work
  held?: boolean
}

/** An act that waits, or is on its way. */
export interface WaitingAct {
  id: number
  text: string
  lane: string
  words: string | undefined
  /** `held`: can be taken back yet, and stands in no lane. */
  state: 'held' | 'queued' | 'sending' | 'waiting'
}

/** Its person took it back before it was sent. */
export class Discarded extends Error {}

interface Entry extends WaitingAct {
  key: string
  work: Act<unknown>['work']
  person: number | undefined
  hold?: Held
  attempt: () => Promise<void>
  reject: (error: Error) => void
}

let entries: readonly Entry[] = []
let count = 0
let tries = 0
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

function show(next: readonly Entry[]) {
  entries = next
  for (const listener of listeners) listener()
}

const NAME = 'acts:'
let stored = ''

/** What is begun stays in this browser until it is answered, as drafts do: under its person, also after a log-out. */
function store() {
  const acts = entries.flatMap(({ key, text, lane, words, work, person, state }) =>
    work && person === currentPerson()
      ? { key, text, lane, words, work, ...(state === 'held' ? { held: true } : {}) }
      : [],
  )
  const now = JSON.stringify([currentPerson(), acts])
  if (now === stored) return
  stored = now
  keep(NAME + thisPage, acts.length ? { unsaved: true, acts } : undefined)
}

function change(next: readonly Entry[]) {
  show(next)
  store()
}

const mark = (id: number, state: Entry['state']) =>
  change(entries.map((entry) => (entry.id === id ? { ...entry, state } : entry)))

/** The line is down, the server is away, or one has to log in again: nothing is wrong with the act itself. */
const waits = (error: unknown) => error instanceof ApiProblem && (error.away || error.status === 401)

/** Sends an act; the promise settles once the API has answered, or rejects with `Discarded`. */
export function sendAct<T>({ text, lane, words, send, work, held, key = randomKey() }: Act<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const id = ++count
    const person = currentPerson()
    let afterLogIn = false
    const attempt = async () => {
      // Until somebody has signed in again, and is the same.
      if (personForSure() !== person) {
        afterLogIn = true
        return mark(id, 'waiting')
      }
      mark(id, 'sending')
      try {
        const answer = await send(key)
        leave(id)
        // It went out by itself, long after somebody has asked for it.
        if (afterLogIn) toast(t.acts.sentLater(text))
        resolve(answer)
      } catch (error) {
        if (waits(error)) {
          afterLogIn ||= error instanceof ApiProblem && error.status === 401
          if (entries.some((entry) => entry.id === id)) mark(id, 'waiting')
          retryLater()
        } else {
          leave(id)
          reject(error)
        }
      }
    }
    const entry: Omit<Entry, 'state'> = { id, key, text, words, lane, work, person, attempt, reject }
    const enter = () => {
      const first = !isBusy(lane)
      change([...entries.filter((each) => each.id !== id), { ...entry, state: 'queued' }])
      if (first) void attempt()
    }
    // Whoever sends the next has let those before it go.
    for (const each of entries) if (each.lane === lane) each.hold?.release()
    if (!held || !heldSeconds()) return enter()
    const takenBack = () => {
      leave(id)
      reject(new Discarded(text))
    }
    const wait = hold({ text, undone: t.held.takenBack(text), onDue: enter, onTakenBack: takenBack })
    change([...entries, { ...entry, state: 'held', hold: wait }])
  })
}

/** The acts of a lane, the first to go first. */
const inLane = (lane: string) => entries.filter((entry) => entry.lane === lane && entry.state !== 'held')

/** Whether an act of this lane has no answer yet. */
export const isBusy = (lane: string) => inLane(lane).length > 0

/** Removes an act and begins the next of its lane. */
function leave(id: number) {
  const entry = entries.find((each) => each.id === id)
  if (!entry) return
  entry.hold?.end()
  change(entries.filter((each) => each !== entry))
  const [next] = inLane(entry.lane)
  if (next?.state === 'queued') void next.attempt()
}

function retryLater() {
  clearTimeout(timer)
  timer = setTimeout(resumeActs, Math.min(1000 * 2 ** tries++, 15_000))
}

/** Tries again what waits: the line is back, or somebody asks for it. The oldest goes first. */
export function resumeActs() {
  clearTimeout(timer)
  for (const entry of entries) if (entry.state === 'waiting') void entry.attempt()
}

/** The line is certainly back. */
export function lineIsBack() {
  tries = 0
  resumeActs()
}

/** Takes back an act that waits. */
export function discardAct(id: number) {
  const entry = entries.find((each) => each.id === id)
  if (!entry || entry.state === 'sending') return
  leave(id)
  entry.reject(new Discarded(entry.text))
}

/** The acts without an answer yet, the oldest first. */
export const useActs = (): readonly WaitingAct[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => entries,
  )

// Somebody else signs in: what the one before them began is not theirs to send.
onPersonChange(() => {
  const gone = entries.filter((entry) => entry.person !== currentPerson())
  // They stay in the browser, for the one who began them.
  stored = ''
  show(entries.filter((entry) => !gone.includes(entry)))
  for (const entry of gone) {
    entry.hold?.end()
    entry.reject(new Discarded(entry.text))
  }
})

onPersonKnown(resumeActs)

/** Hands over what pages of the signed-in person have left behind; what an open page holds, once that is closed. */
export function takeOverActs(resume: (act: KeptAct) => void) {
  holdPage()
  const person = currentPerson()
  for (const name of namesKept(NAME)) {
    const holder = name.slice(NAME.length)
    const take = () => {
      if (currentPerson() !== person) return
      const left = readKept<{ acts: KeptAct[] }>(name)?.acts ?? []
      // Of this page, when its person has come back to it.
      if (holder !== thisPage) keep(name, undefined)
      for (const act of left) if (!entries.some(({ key }) => key === act.key)) resume(act)
    }
    if (holder === thisPage) take()
    else whenClosed(holder, take)
  }
}

// Whoever closes the tab now would lose what waits here alone.
globalThis.window?.addEventListener('beforeunload', (event) => {
  if (entries.some(({ state, work }) => state === 'waiting' && !work)) event.preventDefault()
})
