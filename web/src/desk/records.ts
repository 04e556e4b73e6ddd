/**
 * Changes of what is no ticket: a customer, an organization, a note, a view, oneself. Each is shown at once and sent with
 * the version that was on screen. What others set elsewhere in it is no conflict; where both set the same its author is
 * asked. It is undone as long as nobody has set the same since.
 */
import { ApiProblem } from '@/lib/api/client'
import { Discarded, isBusy, sendAct } from './acts'
import { t } from './messages'
import { ownVersion, recordVersion } from './own-versions'
import { askWhose } from './record-conflicts'
import { bodyOn, clashesOf, type Values, valueAt, valuesAt, wantedOf } from './record-values'
import { withUndo } from './undo'

interface Versioned {
  id: number
  version: number
}

export interface RecordChange<T extends Versioned> {
  /** What is changed, in words: "Naomi Byrne". */
  what: string
  /** What was done, where "Changed Naomi Byrne" does not say it. */
  text?: string | undefined
  /** `customer-7`: its changes go out one after the other. */
  lane: string
  /** What is on screen. */
  before: T
  /** What was on screen when somebody began to write, where that is something else: what others set since is asked about. */
  seen?: T | undefined
  /** Columns as the API takes them; `custom` whole. */
  body: Values
  /** How it looks until the answer comes, where that is more than the body. */
  shown?: Partial<T> | undefined
  /** A record as a body has it; by default they are the same. */
  asBody?: (record: T) => Values
  /** A field by its label, where the desk has one for it. */
  label?: (path: string) => string | undefined
  /** A value in words, where it is more than a text. */
  word?: (path: string, record: T) => string | undefined
  patch: (version: number, body: Values) => Promise<T>
  /** Shows it wherever it stands. */
  show: (record: T) => void
  /** What undoes it, where that is more than putting its values back. */
  undo?: (after: T) => Promise<unknown>
}

/** With a conflict the API answers the record as it is now, and who changed it last. */
const currentOf = <T extends Versioned>(error: unknown) =>
  error instanceof ApiProblem && error.status === 409
    ? (error.current as (T & { changed_by?: { name: string } | null }) | undefined)
    : undefined

const fieldName = (path: string) =>
  path.startsWith('custom.')
    ? path.slice('custom.'.length)
    : ((t.records.columns as Record<string, string>)[path] ?? path)

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return t.records.nothing
  if (typeof value === 'boolean') return value ? t.records.yes : t.records.no
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : [value].flat().join(', ')
}

const bodyOfRecord =
  <T extends Versioned>({ asBody }: RecordChange<T>) =>
  (record: T): Values =>
    asBody ? asBody(record) : ({ ...record } as object as Values)

// Each time somebody else was faster in between.
const MOST_TRIES = 4

/** Sends a change. `ask`: what to do where somebody else has set the same; an undo leaves theirs. */
function send<T extends Versioned>(change: RecordChange<T>, wanted: Values, ask: boolean) {
  const { before, lane, patch } = change
  const asBody = bodyOfRecord(change)
  let seen = change.seen ?? before
  let left = wanted
  return async (): Promise<T> => {
    let version = ownVersion(lane, seen.version)
    let base = before
    for (let tries = 1; ; tries++) {
      try {
        const answer = await patch(version, bodyOn(asBody(base), left))
        recordVersion(lane, version, answer.version)
        return answer
      } catch (error) {
        const current = currentOf<T>(error)
        if (!current || tries === MOST_TRIES) throw error
        const paths = clashesOf(asBody(seen), asBody(current), left)
        if (paths.length) {
          if (!ask) throw error
          const mine = await askWhose({
            what: change.what,
            who: current.changed_by?.name,
            clashes: paths.map((path) => ({
              path,
              field: change.label?.(path) ?? fieldName(path),
              theirs: change.word?.(path, current) ?? inWords(valueAt(asBody(current), path)),
              mine: change.word?.(path, { ...before, ...change.body, ...change.shown }) ?? inWords(left[path]),
            })),
          })
          left = Object.fromEntries(
            Object.entries(left).filter(([path]) => !paths.includes(path) || mine.includes(path)),
          )
          // Whatever was chosen was chosen with this in view.
          seen = current
          if (!Object.keys(left).length) return current
        }
        base = current
        version = current.version
      }
    }
  }
}

async function carryOut<T extends Versioned>(change: RecordChange<T>, text: string, wanted: Values, ask: boolean) {
  const { before, lane, show } = change
  show({ ...before, ...change.body, ...change.shown })
  try {
    const answer = await sendAct({ text, lane, send: send(change, wanted, ask) })
    // What was changed after it is still on top.
    if (!isBusy(lane)) show(answer)
    return answer
  } catch (error) {
    if (!isBusy(lane)) show(currentOf<T>(error) ?? before)
    throw error
  }
}

/** Makes a change and offers to undo it; what is taken back before it was sent is answered as it was. */
export async function changeRecord<T extends Versioned>(change: RecordChange<T>): Promise<T> {
  const { before } = change
  const asBody = bodyOfRecord(change)
  const was = asBody(before)
  const wanted = wantedOf(was, change.body)
  const paths = Object.keys(wanted)
  const text = change.text ?? t.changed.other(change.what)
  try {
    const back = valuesAt(was, paths)
    const undo = (after: T) =>
      carryOut(
        { ...change, before: after, seen: undefined, body: bodyOn(asBody(after), back), shown: partOf(before, change) },
        t.undo.undone(text),
        back,
        false,
      )
    return await withUndo(carryOut(change, text, wanted, true), text, change.undo ?? undo)
  } catch (error) {
    if (error instanceof Discarded) return before
    throw error
  }
}

/** What the change had shown, as it was before. */
const partOf = <T extends Versioned>(before: T, { shown }: RecordChange<T>): Partial<T> =>
  Object.fromEntries(Object.keys(shown ?? {}).map((key) => [key, before[key as keyof T]])) as Partial<T>
