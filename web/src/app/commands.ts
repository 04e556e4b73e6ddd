import { useEffect, useRef } from 'react'

/** One registry: whoever is on screen adds its commands, the keyboard and the `?` overlay read them. */
export interface Command {
  keys: string
  label: string
  run: () => void
}

const registered = new Set<{ current: Command[] }>()
let pending = ''
let timer = 0

export const allCommands = () => [...registered].flatMap((entry) => entry.current)

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export function handleKey(event: KeyboardEvent) {
  if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return
  // An open menu or dialog has the keyboard to itself.
  if (document.querySelector('[role=menu], [role=dialog], [role=listbox]') && event.key !== '?') return
  const typed = pending ? `${pending} ${event.key}` : event.key
  const commands = allCommands()
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

export function useCommands(commands: Command[]) {
  const entry = useRef(commands)
  entry.current = commands
  useEffect(() => {
    registered.add(entry)
    return () => {
      registered.delete(entry)
    }
  }, [])
}
