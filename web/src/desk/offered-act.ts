/**
 * Acts that are no change of a record, such as following a ticket or marking it: each waits visibly for a line, is
 * offered to be undone, and when it is refused another try is offered.
 */
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { problemsOf } from '@/lib/api/client'
import { type Act, Discarded, sendAct } from './acts'
import { t } from './messages'
import { withUndo } from './undo'

export interface OfferedAct<T> extends Pick<Act<T>, 'text' | 'lane' | 'send' | 'words'> {
  /** Puts it back, unless somebody else has changed it since. */
  undo: (answer: T) => Promise<unknown>
}

export const offeredAct = <T>({ undo, ...act }: OfferedAct<T>): Promise<T> => withUndo(sendAct(act), act.text, undo)

/**
 * Makes a record. Where its author may remove it (`remove`), that undoes it, unless somebody has changed it since.
 */
export function offeredCreation<T extends { id: number; version: number }>({
  name,
  lane,
  send,
  remove,
  done,
}: {
  name: string
  lane: string
  send: (key: string) => Promise<T>
  remove: ((path: { id: number }, headers: { 'if-match': string }) => Promise<unknown>) | undefined
  /** Lists are read anew. */
  done: () => unknown
}): Promise<T> {
  const act = { text: t.records.made(name), lane, words: name, send }
  const work = remove
    ? offeredAct({ ...act, undo: ({ id, version }) => remove({ id }, { 'if-match': `"${version}"` }).finally(done) })
    : sendAct(act)
  return work.finally(done)
}

/** What somebody else has done meanwhile stays. */
export const overtaken = () => new Error(t.undo.changedMeanwhile)

/** Says that an act was refused and why; `again`: what tries it once more. */
export const tellRefusal = (text: string, error: Error, again: () => unknown) =>
  tellFailure(t.refused.act(text), error, again)

/** The same in words of its own; `why`: the reason, where the error alone does not say it. */
export function tellFailure(title: string, error: Error, again: () => unknown, why?: string) {
  if (error instanceof Discarded) return
  toast.error(title, {
    description: told(why ?? problemsOf(error)[0]?.message ?? error.message),
    action: { label: t.retry, onClick: () => void again() },
  })
}
