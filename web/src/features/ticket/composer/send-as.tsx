/** Sending with another status than the button says, as other desks' "submit as": by keys, from the palette and the menu. */
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { StatusIcon } from '@/components/ui/status-icon'
import { useCommands } from '@/desk/commands'
import { type Status, statusesQuery, statusOf } from '@/desk/config'
import type { Schemas } from '@/lib/api/client'
import { MAC } from '@/lib/mac'
import { t } from './messages'
import type { Kind } from './outgoing'

/** With Ctrl and Alt: of each category the status that stands for it, by the letters that also set it. */
const LETTERS: Record<string, string> = { open: 'o', pending: 'p', on_hold: 'h', solved: 's' }

type Statuses = Schemas['Page_Status'] | undefined

const keysOf = (statuses: Statuses, { key, category }: Status) => {
  if (statusOf(statuses, category)?.key !== key) return undefined
  return category === 'solved' ? `${MAC ? '⌘' : 'Ctrl'} Shift Enter` : `Ctrl Alt ${LETTERS[category]}`
}

/** What a message can be sent with, and how that is said. */
export function useSendChoices(kind: Kind) {
  const { data: statuses } = useQuery(statusesQuery)
  const choices = (statuses?.items ?? [])
    .filter(({ active, category }) => active && category in LETTERS)
    .map((status) => ({
      status,
      label: kind === 'note' ? t.addNoteAs(status.label) : t.sendAs(status.label),
      icon: <StatusIcon category={status.category} label="" />,
      keys: keysOf(statuses, status),
    }))
  return { statuses, choices }
}

/** What is typed with AltGr are characters, although it counts as Ctrl and Alt. */
export const letterOf = ({ key, code, nativeEvent }: KeyboardEvent) => {
  if (nativeEvent.getModifierState('AltGraph')) return undefined
  // A Mac's Option makes another character of the key.
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase()
}

/** A category, or what the button says. */
type Asked = keyof typeof LETTERS | 'button'

/** Offers it to the palette; answers what hears the keys that send, before the text takes them. */
export function useSendAs(kind: Kind, offered: boolean, send: (status?: Status) => void) {
  const { statuses, choices } = useSendChoices(kind)
  // Asked for before the statuses are there: it goes as soon as they are, never without the status that it goes with.
  const [early, setEarly] = useState<Asked | null>(null)
  const sendAs = (asked: Asked) => {
    if (!statuses) return setEarly(asked)
    send(asked === 'button' ? undefined : statusOf(statuses, asked))
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when they are there
  useEffect(() => {
    if (!statuses || !early) return
    setEarly(null)
    sendAs(early)
  }, [statuses, early])
  // Another text, which nobody has asked to send.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the tab changes
  useEffect(() => setEarly(null), [kind])
  useCommands(
    offered
      ? choices.map(({ status, label, icon, keys }) => ({
          keys: keys ?? '',
          label,
          icon,
          group: 'Send' as const,
          run: () => send(status),
        }))
      : [],
  )
  const onKey = (event: KeyboardEvent) => {
    const mod = event.ctrlKey || event.metaKey
    const letter = event.ctrlKey && event.altKey && !event.metaKey ? letterOf(event) : undefined
    const category =
      event.key === 'Enter' && mod && event.shiftKey
        ? 'solved'
        : Object.keys(LETTERS).find((each) => LETTERS[each] === letter)
    const asked =
      category && (!statuses || statusOf(statuses, category))
        ? category
        : event.key === 'Enter' && mod && !event.shiftKey && !event.altKey && 'button'
    if (!asked) return
    event.preventDefault()
    event.stopPropagation()
    sendAs(asked)
  }
  return { onKey, sendAsButton: () => sendAs('button') }
}
