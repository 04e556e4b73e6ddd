/** Numbers as people type them in a field, and as a field shows them: in the manner of the interface's language. */
import { language } from './messages'

const signsOf = (locale: string) => {
  const parts = new Intl.NumberFormat(locale).formatToParts(1234567.8)
  const sign = (type: Intl.NumberFormatPartTypes) => parts.find((part) => part.type === type)?.value
  return { decimal: sign('decimal') ?? '.', group: sign('group') ?? ',' }
}

/** A number as it is edited: 1234,5 in German. */
export const writeNumber = (value: number, locale: string = language): string =>
  new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 20 }).format(value)

/**
 * What a text means as a number; undefined when it is none. The language decides where a text can be read in two ways:
 * 1.234 is 1234 in German, and 1.234 in English. What can be read in one way only is read so in every language: 1.234,50
 * and 1,234.50, 1234.50 and 1234,50.
 */
export function readNumber(text: string, locale: string = language): number | undefined {
  const plain = text.replace(/[\s'’]/g, '').replace(/^[−–]/, '-')
  const [, minus, digits = ''] = /^([-+]?)(\d[\d.,]*|[.,]\d+)$/.exec(plain) ?? []
  if (!digits) return undefined
  const ours = signsOf(locale)
  const marks = digits.match(/[.,]/g) ?? []
  const last = marks.at(-1)
  const inThrees = /^[1-9]\d{0,2}([.,]\d{3})+$/.test(digits)
  // Different marks: the last one begins the fraction. One that comes again parts the thousands.
  const decimal =
    new Set(marks).size > 1 ? last : marks.length > 1 || (inThrees && last === ours.group) ? undefined : last
  const at = decimal ? digits.lastIndexOf(decimal) : digits.length
  const whole = digits.slice(0, at)
  const fraction = digits.slice(at + 1)
  if (/[.,]/.test(whole) && !/^[1-9]\d{0,2}(\.\d{3})+$|^[1-9]\d{0,2}(,\d{3})+$/.test(whole)) return undefined
  return Number(`${minus}${whole.replace(/[.,]/g, '')}.${fraction}0`)
}
