/** The keys of what can be done about a guard: with Alt, for without it they are text, from everywhere in the message. */
import type { KeyboardEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { type Command, useCommands } from '@/desk/commands'
import { MAC } from '@/lib/mac'
import { letterOf } from './send-as'

export interface GuardAct {
  /** A letter, or Enter. */
  key: string
  label: string
  run: () => void
}

const isFor = (event: KeyboardEvent, wanted: string) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.nativeEvent.isComposing) return false
  return wanted === 'Enter' ? event.key === 'Enter' : letterOf(event) === wanted.toLowerCase()
}

/** Runs the act that a key is for; false where there is none. */
export function pressGuardKey(event: KeyboardEvent, acts: readonly GuardAct[]): boolean {
  const act = acts.find(({ key }) => isFor(event, key))
  if (!act) return false
  event.preventDefault()
  event.stopPropagation()
  act.run()
  return true
}

/** In the palette and in the list of keys too, while the guard stands. */
export const useGuardCommands = (acts: readonly GuardAct[]) =>
  useCommands(acts.map(({ key, label, run }): Command => ({ keys: `Alt ${key}`, label, group: 'Send', run })))

export const GuardButton = ({ act: { key, label, run } }: { act: GuardAct }) => (
  <Button className="max-md:h-11" aria-keyshortcuts={`Alt+${key}`} onClick={run}>
    {label}
    <span className="max-md:hidden" aria-hidden>
      <Kbd>{`${MAC ? '⌥' : 'Alt '}${key === 'Enter' ? '↵' : key}`}</Kbd>
    </span>
  </Button>
)
