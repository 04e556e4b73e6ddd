/**
 * Messages on their way out. A reply is held for some seconds, so that it can be taken back; then it is sent as any act
 * is. Until the desk has answered it is kept in this browser, so that a page that closes loses nothing, and it is sent
 * under a key of its own, so that nothing goes out twice.
 */
import { useMemo, useSyncExternalStore } from 'react'
import { toast } from '@/components/ui/toast'
import { Discarded, sendAct } from '@/desk/acts'
import { drafts } from '@/desk/drafts'
import { type Held, hold } from '@/desk/held'
import { heldSeconds } from '@/desk/held-seconds'
import { leftMessages, OUTGOING } from '@/desk/left-messages'
import { tellUndone } from '@/desk/playing'
import { wordProblem } from '@/desk/problem-words'
import { Kept, offerUndo } from '@/desk/undo'
import { ApiProblem, problemsOf } from '@/lib/api/client'
import { keep } from '@/lib/kept-texts'
import { holdPage, randomKey, thisPage } from '@/lib/open-pages'
import { currentPerson, isDoubted, onPersonChange } from '@/lib/person'
import { appliedMacros, changesMore } from './applied-macros'
import { t } from './messages'
import { type Outgoing, Overtaken } from './outgoing'
import { placeOf, setUploads, uploadsOf } from './uploads'

interface Sender {
  send: (message: Outgoing) => Promise<unknown>
  /** For which version of the ticket it has sent it; undefined where it could not. */
  sendAtClosing: (message: Outgoing) => number | undefined
}

const listeners = new Set<() => void>()
const holds = new Map<string, Held>()
const restored = new Map<string, number>()
let entries: readonly Outgoing[] = []
let sender: Sender | undefined

function change(next: readonly Outgoing[]) {
  for (const { key } of entries) if (!next.some((each) => each.key === key)) keep(OUTGOING + key, undefined)
  // As drafts say it: a log-out leaves it to its author's next log-in.
  for (const each of next) if (!entries.includes(each)) keep(OUTGOING + each.key, { ...each, unsaved: true })
  entries = next
  for (const listener of listeners) listener()
}

const patch = (key: string, fields: Partial<Outgoing>) =>
  change(entries.map((each) => (each.key === key ? { ...each, ...fields } : each)))

const drop = (key: string) => change(entries.filter((each) => each.key !== key))

const wordsOf = (html: string) => new DOMParser().parseFromString(html, 'text/html').body.textContent ?? ''

function letGo(key: string) {
  holds.get(key)?.end()
  holds.delete(key)
}

async function carryOut(key: string) {
  letGo(key)
  const message = entries.find((each) => each.key === key)
  if (!message || !sender) return
  const { send } = sender
  // What it waits for, should its page be closed before that is over.
  const waitsForLogIn = () => patch(key, { problem: t.sessionEnded })
  patch(key, { state: 'sending' })
  if (isDoubted()) waitsForLogIn()
  try {
    await sendAct({
      text: t.sentWords(message.ticket),
      lane: `ticket-${message.ticket}`,
      words: wordsOf(message.html),
      send: () =>
        send(message).catch((error) => {
          if (error instanceof ApiProblem && error.status === 401) waitsForLogIn()
          throw error
        }),
    })
    drop(key)
    appliedMacros.sent(key)
    // The desk has ended the draft of this kind: what has been written since is saved anew.
    const { html, attachmentIds } = drafts.read(message.ticket, message.kind)
    if (html || attachmentIds.length) drafts.write(message.ticket, message.kind, {})
  } catch (error) {
    // Another person has signed in: the words are kept for the one who wrote them.
    if (error instanceof Discarded && currentPerson() !== message.person) return
    patch(key, {
      state: 'failed',
      problem:
        problemsOf(error)
          .map((each) => wordProblem(each, undefined))
          .join(', ') || (error as Error).message,
      ...(error instanceof Overtaken ? { overtakenBy: error.by } : {}),
    })
  }
}

/** Hands a message over, with the macros that were applied to it: a note goes at once, a reply after the time to take it back. */
export function enqueue(message: Omit<Outgoing, 'key' | 'state' | 'due' | 'page'>) {
  // Whoever sends the next has let those before it go.
  for (const each of entries) if (each.ticket === message.ticket && each.state === 'held') void carryOut(each.key)
  const key = randomKey()
  appliedMacros.goWith(message.ticket, message.kind, key)
  const enter = (due: number) => change([...entries, { ...message, key, page: thisPage, state: 'held', due }])
  if (message.kind === 'note' || !heldSeconds()) {
    enter(Date.now())
    return void carryOut(key)
  }
  const held = hold({
    text: t.replyOn(message.ticket),
    undone: t.replyKept(message.ticket),
    // Its ticket is on screen, which counts the seconds and offers the same.
    told: true,
    onDue: () => void carryOut(key),
    onTakenBack: () => {
      const names = appliedMacros.with(key).flatMap(({ macro, changes }) => (changesMore(changes) ? macro.name : []))
      takeBack(key)
      // What they changed can be seen on the ticket alone, which may not be on screen.
      return names.length ? new Kept(t.macroStays(names)) : undefined
    },
  })
  holds.set(key, held)
  enter(held.due)
}

/** Its writer leaves the ticket, or what counts there: what is held is told wherever they go. */
export function tellHeld(ticket: number) {
  for (const { key, ticket: of } of entries) if (of === ticket) holds.get(key)?.tell(false)
}

/**
 * Takes a message back, to write on: it comes before what has been written since, and with it the macros that were
 * applied to it. False once it is on its way.
 */
export function takeBack(key: string): boolean {
  const message = entries.find((each) => each.key === key)
  if (!message || message.state === 'sending') return false
  letGo(key)
  drop(key)
  appliedMacros.comeBack(key)
  tellUndone(message.ticket)
  const place = placeOf(message.ticket, message.kind)
  const { html, status } = drafts.read(message.ticket, message.kind)
  drafts.write(message.ticket, message.kind, {
    html: message.html + html,
    unsigned: !message.signed,
    status: status ?? message.picked ?? null,
  })
  setUploads(place, [...message.files, ...uploadsOf(place)])
  restored.set(place, (restored.get(place) ?? 0) + 1)
  for (const listener of listeners) listener()
  return true
}

/** Throws away what could not be sent. */
export function discard(key: string) {
  const message = entries.find((each) => each.key === key)
  if (!message) return
  drop(key)
  appliedMacros.sent(key)
  offerUndo({ text: t.discarded(message.ticket), undo: async () => change([...entries, message]) })
}

/** Sends what is held at once, or again what failed. `fields`: what its writer has seen meanwhile. */
export function sendNow(key: string, fields: Partial<Outgoing> = {}) {
  const message = entries.find((each) => each.key === key)
  if (!message || message.state === 'sending') return
  const { problem: _, overtakenBy: __, ...rest } = message
  change(entries.map((each) => (each.key === key ? { ...rest, ...fields } : each)))
  void carryOut(key)
}

let opened: number | undefined

/** For how long the desk knows a key again, and somewhat less. */
const KEYS_KEPT = 20 * 3_600_000

/** Connects the outbox to the desk, for whoever is signed in. What a closed page had held is a draft again. */
export async function openOutbox(person: number, by: Sender) {
  sender = by
  if (opened === person) return
  holdPage()
  opened = person
  const left = await leftMessages<Outgoing>()
  if (!left.length || currentPerson() !== person) return
  change([...entries, ...left.map((each) => ({ ...each, page: thisPage, problem: each.problem ?? t.leftBehind }))])
  for (const each of left) {
    if (each.state === 'held') {
      takeBack(each.key)
      toast(t.takenBack(each.ticket), { description: t.takenBackText, duration: 20_000 })
    }
    // It may have gone out: sent again under the same key, it goes out once.
    else if (each.atClosing && Date.now() - each.due < KEYS_KEPT) void carryOut(each.key)
    else patch(each.key, { state: 'failed' })
  }
}

onPersonChange(() => {
  opened = undefined
  for (const { key } of entries) letGo(key)
  // They stay in the browser, for the one who wrote them.
  entries = []
  for (const listener of listeners) listener()
})

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Counts how often something was put back into this draft. */
export const useRestored = (place: string) => useSyncExternalStore(subscribe, () => restored.get(place) ?? 0)

/** What is on its way out of a ticket, as this person wrote it. */
export function useOutbox(ticket: number, person: number | undefined) {
  const all = useSyncExternalStore(subscribe, () => entries)
  return useMemo(() => all.filter((each) => each.ticket === ticket && each.person === person), [all, ticket, person])
}

/** Whoever has sent something and closes the page wants it sent. */
function sendHeldAtClosing() {
  for (const message of entries) {
    const version = message.state === 'held' && !isDoubted() ? sender?.sendAtClosing(message) : undefined
    if (version === undefined) continue
    letGo(message.key)
    patch(message.key, { state: 'sending', atClosing: true, version })
  }
}

globalThis.window?.addEventListener('pagehide', sendHeldAtClosing)

// A page that was only put aside hears what has become of it.
globalThis.window?.addEventListener('pageshow', ({ persisted }) => {
  for (const { key, atClosing } of entries) if (persisted && atClosing) void carryOut(key)
})

// Without a line it would wait here, where nobody waits for it.
globalThis.window?.addEventListener('beforeunload', (event) => {
  if (entries.some(({ state }) => state === 'held') && (!navigator.onLine || isDoubted())) event.preventDefault()
})
