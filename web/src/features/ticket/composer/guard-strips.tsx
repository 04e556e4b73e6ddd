import type { RefObject } from 'react'
import { drafts } from '@/desk/drafts'
import type { ListedHandle } from '@/desk/editor/handle'
import type { Kind } from './outgoing'
import { showMessage } from './show-message'
import { BlanksStrip, FilesStrip, MacroStrip, MentionStrip, OvertakenStrip, SlashStrip } from './strips'
import type { useMacro } from './use-macro'
import type { useMessage } from './use-message'

type Message = ReturnType<typeof useMessage>

/** What a macro has set, and what keeps the message from going out, each with its way on. */
export function GuardStrips({
  ticket,
  message,
  macro,
  handle,
  onKind,
  submit,
}: {
  ticket: number
  message: Message
  macro: ReturnType<typeof useMacro>
  handle: RefObject<ListedHandle | null>
  onKind: (kind: Kind) => void
  submit: (agreed: Parameters<Message['submit']>[0]) => void
}) {
  return (
    <>
      {macro.applied && (
        <MacroStrip
          name={macro.applied.name}
          status={macro.applied.changes.status ? message.status : undefined}
          changes={macro.applied.changes}
          onUndo={() => {
            macro.takeBack()
            handle.current?.focus()
          }}
        />
      )}
      {message.blanks > 0 && <BlanksStrip count={message.blanks} onGo={() => handle.current?.goToBlank()} />}
      {message.guard === 'mentions' && message.mentioned.length > 0 && (
        <MentionStrip
          names={message.mentioned}
          onNote={() => {
            drafts.write(ticket, 'note', { html: drafts.read(ticket, 'note').html + message.html })
            drafts.write(ticket, 'reply', { html: '' })
            message.renew('note')
            message.renew('reply')
            onKind('note')
          }}
          onSend={() => submit(['mentions'])}
        />
      )}
      {message.other?.author && (message.guard === 'overtaken' || message.html) && (
        <OvertakenStrip
          name={message.other.author.name}
          onShow={() => message.other && showMessage(message.other.id)}
          onSend={() => submit(['overtaken', 'mentions'])}
        />
      )}
      {message.guard === 'slash' && <SlashStrip />}
      {message.guard === 'files' && (
        <FilesStrip count={message.uploads.filter(({ state }) => state === 'failed').length} />
      )}
    </>
  )
}
