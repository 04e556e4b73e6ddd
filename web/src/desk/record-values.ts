/**
 * A record's values by path: a column, or `custom.` and the name of a field. Two people may change two fields of one
 * record, so a change is compared, merged and undone by path.
 */
import { sameValue } from './ticket-changes'

export type Values = Record<string, unknown>

const fieldsOf = (values: Values) => (values.custom ?? {}) as Values

export const valueAt = (values: Values, path: string): unknown =>
  path.startsWith('custom.') ? fieldsOf(values)[path.slice('custom.'.length)] : values[path]

/** What a body sets, by path: of the custom fields, which are sent whole, those alone that it changes. */
export function wantedOf(before: Values, { custom, ...columns }: Values): Values {
  if (!custom) return columns
  const [was, next] = [fieldsOf(before), custom as Values]
  const changed = Object.keys({ ...was, ...next }).filter((key) => !sameValue(was[key], next[key]))
  return { ...columns, ...Object.fromEntries(changed.map((key) => [`custom.${key}`, next[key]])) }
}

/** The body that brings these values to a record as it is now. */
export function bodyOn(now: Values, wanted: Values): Values {
  const entries = Object.entries(wanted)
  const fields = entries.filter(([path]) => path.startsWith('custom.'))
  const columns = Object.fromEntries(entries.filter(([path]) => !path.startsWith('custom.')))
  if (!fields.length) return columns
  const custom = { ...fieldsOf(now) }
  for (const [path, value] of fields) {
    const key = path.slice('custom.'.length)
    if (value === undefined || value === null) delete custom[key]
    else custom[key] = value
  }
  return { ...columns, custom }
}

/** The paths on which somebody else has set something that is neither what was seen nor what is wanted. */
export const clashesOf = (seen: Values, now: Values, wanted: Values): string[] =>
  Object.keys(wanted).filter(
    (path) => !sameValue(valueAt(seen, path), valueAt(now, path)) && !sameValue(valueAt(now, path), wanted[path]),
  )

/** These paths as they were. */
export const valuesAt = (values: Values, paths: string[]): Values =>
  Object.fromEntries(paths.map((path) => [path, valueAt(values, path) ?? null]))
