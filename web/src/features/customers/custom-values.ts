/** Values of the desk's own on a customer or an organization: any names, with texts, numbers or yes and no. */
import { readNumber, writeNumber } from '@/lib/typed-number'

export type Values = Record<string, unknown>

/** A value as it is read and edited. */
export const textOf = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'string'
      ? value
      : Array.isArray(value) && value.every((each) => typeof each !== 'object')
        ? value.join(', ')
        : typeof value === 'object'
          ? JSON.stringify(value)
          : typeof value === 'number'
            ? writeNumber(value)
            : String(value)

/** Typed text in the kind that the value had: other systems read a number as a number. */
export function readAs(before: unknown, text: string): unknown {
  if (typeof before === 'number') return readNumber(text) ?? text
  if (typeof before === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  if (Array.isArray(before))
    return text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean)
  return text
}

/** All values with one changed; an empty one is taken away. */
export function withValue(values: Values, name: string, text: string): Values {
  const { [name]: before, ...rest } = values
  return text === '' ? rest : { ...values, [name]: readAs(before, text) }
}
