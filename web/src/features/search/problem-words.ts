/** What is wrong with a question, in the reader's language; the API says it in English alone (extension/core/src/search). */
import { t } from './messages'

export interface Worded {
  text: string
  /** What may stand there instead, the likeliest alone where there is one. */
  instead: string[]
  /** What these replace: a value or the name of a field, as it was typed. */
  typed: string
}

/** How many letters have to be changed, added, left out or swapped to come from one word to the other. */
function distance(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = last
    last = row
  }
  return last[other.length] ?? 0
}

const MOST = 12

/** The one that was probably meant, else all of them. */
export function likeliest(typed: string, values: string[]): string[] {
  const ranked = values
    .map((value) => ({ value, far: distance(typed.toLowerCase(), value) }))
    .sort((a, b) => a.far - b.far)
  const [best] = ranked
  return best && best.far <= Math.max(1, Math.floor(typed.length / 3)) ? [best.value] : values.slice(0, MOST)
}

const listed = (values = '') => values.split(', ').filter(Boolean)

const fieldWord = (field: string) => (t.field as Record<string, string>)[field] ?? field

const FORMS: [RegExp, (...found: string[]) => Omit<Worded, 'typed'> & { typed?: string }][] = [
  [
    /^there is no (\S+) '(.*)'; choose one of (.*)$/s,
    (field = '', typed = '', values) => ({
      text: t.wrongs.value(fieldWord(field), typed),
      instead: likeliest(typed, listed(values)),
      typed,
    }),
  ],
  [
    /^'(.*)' is nothing a ticket can be; choose one of (.*)$/s,
    (typed = '', values) => ({ text: t.wrongs.state(typed), instead: likeliest(typed, listed(values)), typed }),
  ],
  [
    /^'(.*)' is not a field; (?:did you mean (\S+)\? )?choose/s,
    (typed = '', near) => ({ text: t.wrongs.field(typed), instead: near ? [near] : [], typed }),
  ],
  [/^this quote is not closed/, () => ({ text: t.wrongs.quote, instead: [] })],
  [/^'(.*)' is not a day such as/s, (typed = '') => ({ text: t.wrongs.day(typed), instead: [] })],
  [/^'(.*)' lies outside of the years/s, (typed = '') => ({ text: t.wrongs.year(typed), instead: [] })],
  [
    /^(\S+) has no order; write (.*)$/,
    (field = '', example = '') => ({ text: t.wrongs.order(fieldWord(field), example), instead: [] }),
  ],
  [
    /^(\S+) needs a value right behind it, such as (.*)$/,
    (field = '', example = '') => ({ text: t.wrongs.empty(fieldWord(field), example), instead: [] }),
  ],
  [/^is one value too many/, () => ({ text: t.wrongs.values, instead: [] })],
  [
    /^is one part too many; a question has at most (\d+)/,
    (most) => ({ text: t.wrongs.parts(Number(most)), instead: [] }),
  ],
  [/^the question is longer than (\d+) characters/, (most) => ({ text: t.wrongs.long(Number(most)), instead: [] })],
]

/** Undefined for what has no words here. */
export function wordProblem(message: string): Worded | undefined {
  for (const [form, word] of FORMS) {
    const found = form.exec(message)
    if (found) return { typed: '', ...word(...found.slice(1)) }
  }
  return undefined
}
