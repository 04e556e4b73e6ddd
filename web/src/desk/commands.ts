import { type ReactNode, useEffect, useRef } from 'react'

/** One registry: whoever is on screen adds its commands; the keyboard, the palette and the `?` overlay read them. */
export interface Command {
  /** Keys one after the other; empty for what only the palette offers. */
  keys: string
  label: string
  /** Where the palette lists it; without one it is for the keyboard alone. */
  group?: 'Actions' | 'Go to' | 'Teams'
  icon?: ReactNode
  run: () => void
}

const registered = new Set<{ current: Command[] }>()
const around = new Set<{ current: Command[] }>()
let pending = ''
let timer = 0

/** The page's own commands come before those of the shell around it. */
export const allCommands = () => [...registered, ...around].flatMap((entry) => entry.current)

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) &&
      !['checkbox', 'radio'].includes((target as HTMLInputElement).type)))

/** Space and Enter belong to the control that has the focus. */
const isPressing = (event: KeyboardEvent) =>
  (event.key === ' ' || event.key === 'Enter') &&
  event.target instanceof HTMLElement &&
  event.target.closest('button, a, input, summary, [role=button], [role=tab]') !== null

export function handleKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
  if (isTyping(event.target) || isPressing(event)) return
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
    hit.run()
  } else if (commands.some((command) => command.keys.startsWith(`${typed} `))) {
    pending = typed
    timer = window.setTimeout(() => {
      pending = ''
    }, 1200)
  }
}

/** `everywhere`: commands of the shell, which give way to the page's. */
export function useCommands(commands: Command[], everywhere = false) {
  const entry = useRef(commands)
  entry.current = commands
  useEffect(() => {
    const into = everywhere ? around : registered
    into.add(entry)
    return () => {
      into.delete(entry)
    }
  }, [everywhere])
}
