/** Applies a macro to what is being written, in one step that one undo takes back. */
import { useRef, useState } from 'react'
import { toast } from '@/components/ui/toast'
import { drafts } from '@/desk/drafts'
import type { EditorHandle } from '@/desk/editor/handle'
import { type Kept, offerUndo, whyNotUndone } from '@/desk/undo'
import type { ChosenMacro } from './macro-picker'
import { type MacroPreview, useApplyMacro } from './macros'
import { t } from './messages'
import type { Kind, PutBack } from './outgoing'

interface Applied {
  name: string
  kind: Kind
  changes: MacroPreview['changes']
  /** The text before it: where undo comes back to. */
  before: string
  /** Puts the ticket back. */
  putBack: Promise<(() => Promise<Kept | undefined>) | null>
}

/** Whether it changes more than the status, which the message sets. */
const changesMore = (changes: Applied['changes']) =>
  Object.keys(changes).some((key) => key !== 'status' && key !== 'status_category')

export function useMacro({
  ticket,
  kind,
  handle,
  setStatus,
  onOtherKind,
}: {
  ticket: number
  kind: Kind
  handle: { current: EditorHandle | null }
  setStatus: (key: string | null, kind: Kind) => void
  /** The macro writes the other kind of message: its text is in that draft now. */
  onOtherKind: (kind: Kind) => void
}) {
  const apply = useApplyMacro(ticket)
  const [applied, setApplied] = useState<Applied | null>(null)
  const latest = useRef(applied)
  latest.current = applied

  const pick = ({ macro, preview, written, textOnly }: ChosenMacro, range: { from: number; to: number }) => {
    const before = drafts.read(ticket, kind).html
    if (!written || written.kind === kind) handle.current?.insert(written?.html ?? '', written?.fills, range)
    else {
      // A note must not be written into a reply, nor the other way round.
      handle.current?.insert('', [], range)
      drafts.write(ticket, written.kind, { html: drafts.read(ticket, written.kind).html + written.html })
      onOtherKind(written.kind)
    }
    if (textOnly) return
    const status = preview.changes.status && String(preview.changes.status[1])
    const others = changesMore(preview.changes)
    if (written && status) setStatus(status, written.kind)
    if (written && !others && !status) return
    const putBack = written && !others ? Promise.resolve(async () => undefined) : apply(macro)
    if (written) setApplied({ name: macro.name, kind: written.kind, changes: preview.changes, before, putBack })
    else void putBack.then((undo) => undo && offerUndo({ text: t.macroApplied(macro.name), undo }))
  }

  /** Takes back what the macro changed; its text stays. */
  const takeBack = () => {
    const macro = latest.current
    if (!macro) return
    setApplied(null)
    setStatus(null, macro.kind)
    macro.putBack.then((undo) => undo?.()).catch((error: Error) => toast.error(whyNotUndone(error)))
  }

  return {
    /** The message became one of the other kind. */
    moveTo: (other: Kind) => setApplied((now) => (now?.kind === kind ? { ...now, kind: other } : now)),
    applied: applied?.kind === kind ? applied : null,
    pick,
    takeBack,
    /** After an undo in the text: when it took out the macro's text, its changes go with it. */
    onUndo: (html: string) => {
      if (latest.current && (html === latest.current.before || (!latest.current.before && html === '<p></p>')))
        takeBack()
    },
    /** The message is sent. Answers how to put the ticket back, should it be taken back. */
    goWith: (sent: Kind): PutBack | undefined => {
      const macro = latest.current
      if (macro?.kind !== sent) return undefined
      latest.current = null
      setApplied(null)
      // What goes with the message alone is taken back with it.
      if (!changesMore(macro.changes)) return undefined
      return async () => {
        const undo = await macro.putBack
        return undo?.()
      }
    },
  }
}
