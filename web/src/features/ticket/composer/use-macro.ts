/** Applies a macro to what is being written, in one step that one undo takes back. */
import { toast } from '@/components/ui/toast'
import { Discarded } from '@/desk/acts'
import { drafts } from '@/desk/drafts'
import type { EditorHandle } from '@/desk/editor/handle'
import { Kept, offerUndo, whyNotUndone } from '@/desk/undo'
import { randomKey } from '@/lib/open-pages'
import { type Applied, appliedMacros, changesMore, useAppliedMacros } from './applied-macros'
import type { ChosenMacro } from './macro-picker'
import { useApplyMacro, useMacroFailure } from './macros'
import { t } from './messages'
import type { Kind } from './outgoing'

const statusIn = ({ status }: Applied['changes']) => (status ? String(status[1]) : null)

export function useMacro({
  ticket,
  kind,
  handle,
  setStatus,
  onOtherKind,
  onFailed,
}: {
  ticket: number
  kind: Kind
  handle: { current: EditorHandle | null }
  setStatus: (key: string | null, kind: Kind) => void
  /** The macro writes the other kind of message: its text is in that draft now. */
  onOtherKind: (kind: Kind) => void
  /** What waits for it is not to be sent by itself. */
  onFailed: () => void
}) {
  const apply = useApplyMacro(ticket)
  const tellFailure = useMacroFailure()
  const applied = useAppliedMacros(ticket, kind)

  /** A macro of this draft is not applied any more: the status is that of those which still are. */
  const resetStatus = (of: Kind) => {
    const left = appliedMacros.of(ticket, of).flatMap(({ changes }) => statusIn(changes) ?? [])
    setStatus(left.at(-1) ?? null, of)
  }

  /** Changes the ticket; `written`: the message that its text is in, where it has one. */
  const change = (
    { macro, changes }: Pick<Applied, 'macro' | 'changes'>,
    written?: Pick<Applied, 'kind' | 'before'>,
  ) => {
    const key = randomKey()
    const work =
      written && !changesMore(changes)
        ? Promise.resolve(async (): Promise<Kept | undefined> => undefined)
        : apply(macro)
    const undoable = work.catch((error: Error) => {
      if (written) {
        onFailed()
        appliedMacros.remove(key)
        if (statusIn(changes)) resetStatus(written.kind)
      }
      if (error instanceof Discarded) return null
      // Its text may have been sent meanwhile: then what it changes is an act of its own.
      const again = () => {
        const stays = written && drafts.read(ticket, written.kind).html ? written : undefined
        const status = statusIn(changes)
        if (stays && status) setStatus(status, stays.kind)
        change({ macro, changes }, stays)
      }
      tellFailure(macro, error, again)
      return null
    })
    void undoable.then((undo) => {
      if (written) appliedMacros.end(key)
      else if (undo) offerUndo({ text: t.macroApplied(macro.name), undo })
    })
    if (written) appliedMacros.add({ key, ticket, macro, changes, ...written, applying: true, work: undoable })
  }

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
    const { changes } = preview
    const status = statusIn(changes)
    if (written && status) setStatus(status, written.kind)
    if (written && !changesMore(changes) && !status) return
    change({ macro, changes }, written ? { kind: written.kind, before } : undefined)
  }

  /** Takes back what a macro changed; its text stays. */
  const takeBack = ({ key, kind: of, work }: Applied) => {
    appliedMacros.remove(key)
    resetStatus(of)
    work
      .then((undo) => undo?.())
      .then(
        (kept) => kept instanceof Kept && toast(t.macroKept, { description: kept.text }),
        (error: Error) => toast.error(t.macroKept, { description: whyNotUndone(error) }),
      )
  }

  return {
    applied,
    pick,
    takeBack,
    /** The message became one of the other kind. */
    moveTo: (other: Kind) => appliedMacros.moveTo(ticket, kind, other),
    /** After an undo in the text: when it took out the macro's text, its changes go with it. */
    onUndo: (html: string) => {
      const last = appliedMacros.of(ticket, kind).at(-1)
      if (last && (html === last.before || (!last.before && html === '<p></p>'))) takeBack(last)
    },
  }
}
