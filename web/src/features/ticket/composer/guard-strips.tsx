import type { RefObject } from 'react'
import type { ListedHandle } from '@/desk/editor/handle'
import { type GuardAct, useGuardCommands } from './guard-keys'
import { t } from './messages'
import type { Kind } from './outgoing'
import { showMessage } from './show-message'
import { GuardStrip, MacroStrip } from './strips'
import type { useMacro } from './use-macro'
import type { useMessage } from './use-message'

type Message = ReturnType<typeof useMessage>

interface Guarded {
  message: Message
  macro: ReturnType<typeof useMacro>
  handle: RefObject<ListedHandle | null>
  onKind: (kind: Kind) => void
  submit: (agreed: Parameters<Message['submit']>[0]) => void
}

/** What keeps a message from going out, each with its way on. */
export function guardsOf({ message, macro, handle, onKind, submit }: Guarded) {
  const guards: { text: string; acts: GuardAct[] }[] = []
  const { blanks, guard, mentioned, other, uploads } = message
  if (blanks > 0)
    guards.push({
      text: t.blanks(blanks),
      acts: [{ key: 'B', label: t.goThere, run: () => handle.current?.goToBlank() }],
    })
  if (guard === 'mentions' && mentioned.length > 0)
    guards.push({
      // A colleague would be mentioned in what the customer reads.
      text: t.mentionsCustomer(mentioned.map((name) => `@${name}`).join(', ')),
      acts: [
        {
          key: 'N',
          label: t.makeNote,
          run: () => {
            message.moveTo('note')
            macro.moveTo('note')
            onKind('note')
          },
        },
        { key: 'Enter', label: t.sendAnyway, run: () => submit(['mentions']) },
      ],
    })
  if (other?.author && (guard === 'overtaken' || message.html))
    guards.push({
      // Somebody else has answered since this was begun.
      text: t.overtaken(other.author.name),
      acts: [
        { key: 'A', label: t.showAnswer, run: () => showMessage(other.id) },
        // One key is for one act: first that of the mention.
        ...(guard === 'mentions'
          ? []
          : [{ key: 'Enter', label: t.sendAnyway, run: () => submit(['overtaken', 'mentions']) }]),
      ],
    })
  // Sent while the list of macros was open.
  if (guard === 'slash') guards.push({ text: t.chooseFirst, acts: [] })
  if (guard === 'files')
    guards.push({ text: t.uploadsFailed(uploads.filter(({ state }) => state === 'failed').length), acts: [] })
  return guards
}

/** What a macro has set, and what keeps the message from going out. */
export function GuardStrips({
  guards,
  message,
  macro,
  handle,
}: Pick<Guarded, 'message' | 'macro' | 'handle'> & { guards: ReturnType<typeof guardsOf> }) {
  useGuardCommands(guards.flatMap(({ acts }) => acts))
  return (
    <>
      {macro.applied.map((each) => (
        <MacroStrip
          key={each.key}
          name={each.macro.name}
          applying={each.applying}
          status={each.changes.status ? message.status : undefined}
          changes={each.changes}
          onUndo={() => {
            macro.takeBack(each)
            handle.current?.focus()
          }}
        />
      ))}
      {guards.map(({ text, acts }) => (
        <GuardStrip key={acts[0]?.key ?? text} text={text} acts={acts} />
      ))}
    </>
  )
}
