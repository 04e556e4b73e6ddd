/**
 * The registry of commands: components on screen add theirs, and the keyboard, the palette and the overlay of shortcuts
 * read them.
 */
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react'

import { isSilenced } from './single-keys'

/** The parts of such a menu, in their order. */
export const SECTIONS = ['write', 'state', 'fields', 'more'] as const

export type Section = (typeof SECTIONS)[number]

export interface Command {
  /** By which the shell runs it from a button of its own, as the phone's bar plays the queue. */
  id?: string
  /** Keys one after the other, `g m`; empty when only the palette offers the command. */
  keys: string
  label: string
  /** The palette's group; without one the command is for the keyboard alone. */
  group?: 'Actions' | 'Send' | 'Go to' | 'Teams'
  icon?: ReactNode
  /** Where it stands in a menu of all that can be done on the page; without one, last. */
  section?: Section
  run: () => void
}

const pageCommands = new Set<{ current: Command[] }>()
const shellCommands = new Set<{ current: Command[] }>()
let pending = ''
let timer = 0

// The second key of a sequence has to follow within this time.
const SEQUENCE_MS = 1200

/** Commands of the page take precedence over those of the shell. */
export const allCommands = () => [...pageCommands, ...shellCommands].flatMap((entry) => entry.current)

/** What one can do on this page, for a menu of it. */
export const pageActions = () =>
  [...pageCommands].flatMap((entry) => entry.current).filter(({ group }) => group === 'Actions')

export const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) &&
      !['checkbox', 'radio'].includes((target as HTMLInputElement).type)))

/** The button that one has clicked, or gone on from by a key of the page: it has the focus, but nobody is at it. */
let left: Element | null = null

globalThis.window?.addEventListener('pointerdown', ({ target }) => {
  left = target instanceof Element ? target.closest('button') : null
})

/** Space and Enter belong to the control that has the focus. */
const isPressing = ({ key, target }: KeyboardEvent) => {
  if ((key !== ' ' && key !== 'Enter') || !(target instanceof HTMLElement)) return false
  const control = target.closest('button, a, input, summary, [role=button], [role=tab]')
  return control !== null && control !== left
}

export function handleKey(event: KeyboardEvent) {
  if (event.key === 'Tab') left = null
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
  if (isTyping(event.target) || isPressing(event) || isSilenced(event)) return
  // An open menu or dialog has the keyboard to itself.
  if (document.querySelector('[role=menu], [role=dialog], [role=listbox]') && event.key !== '?') return
  const key = event.key === ' ' ? 'Space' : event.key
  const typed = pending ? `${pending} ${key}` : key
  const commands = allCommands().filter((command) => command.keys)
  const hit = commands.find((command) => command.keys === typed)
  window.clearTimeout(timer)
  pending = ''
  if (hit) {
    event.preventDefault()
    left = document.activeElement?.closest('button') ?? null
    hit.run()
  } else if (commands.some((command) => command.keys.startsWith(`${typed} `))) {
    pending = typed
    timer = window.setTimeout(() => {
      pending = ''
    }, SEQUENCE_MS)
  }
}

const listeners = new Set<() => void>()

const byId = (id: string) => allCommands().find((command) => command.id === id)

export const runCommand = (id: string) => byId(id)?.run()

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Whether something on screen offers this command now. */
export const useHasCommand = (id: string) => useSyncExternalStore(subscribe, () => byId(id) !== undefined)

/** All keys that do something now, as one text: it is compared to know whether they have changed. */
const offeredKeys = () => allCommands().reduce((all, { keys }) => `${all}\n${keys}`, '\n')

/** Tells of keys whether they do something now. */
export function useOfferedKeys() {
  const offered = useSyncExternalStore(subscribe, offeredKeys)
  return (keys: string) => offered.includes(`\n${keys}\n`) || offered.endsWith(`\n${keys}`)
}

/** Offers commands while the component is on screen. `everywhere`: as the shell does, below those of the page. */
export function useCommands(commands: Command[], everywhere = false) {
  const entry = useRef(commands)
  entry.current = commands
  const offered = commands.map(({ id, keys }) => `${id ?? ''} ${keys}`).join()
  useEffect(() => {
    const registry = everywhere ? shellCommands : pageCommands
    registry.add(entry)
    for (const listener of listeners) listener()
    return () => {
      registry.delete(entry)
      for (const listener of listeners) listener()
    }
  }, [everywhere])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other commands, other answers
  useEffect(() => {
    for (const listener of listeners) listener()
  }, [offered])
}
