/**
 * The parts of a question as the search language reads them (extension/core/src/search/parse.rs). Only their form is
 * read here, for pills and completion: whether a value fits is the API's to say.
 */

export const FIELDS = [
  'is',
  'status',
  'priority',
  'type',
  'channel',
  'team',
  'assignee',
  'tag',
  'requester',
  'organization',
  'language',
  'created',
  'updated',
  'solved',
  'replied',
] as const

export type Field = (typeof FIELDS)[number]

const ALIASES: Record<string, Field> = {
  tags: 'tag',
  org: 'organization',
  lang: 'language',
  created_at: 'created',
  updated_at: 'updated',
  solved_at: 'solved',
}

export interface Token {
  /** Where it begins and ends in the text. */
  from: number
  to: number
  text: string
  negated: boolean
  /** `field:value`; missing when it is a word or a phrase. */
  filter?: { field: string; op: string; values: { from: number; text: string }[] }
  /** A quote in it is not closed yet. */
  open: boolean
}

const HEAD = /^([a-z][a-z0-9_.]*)(:[<>]=?|[<>]=?|:)/i

/** The end of what begins at `from`: a quoted part holds blanks. */
function endOf(text: string, from: number, stops: RegExp): { to: number; open: boolean } {
  let to = from
  let quoted = false
  while (to < text.length && (quoted || !stops.test(text[to] ?? ''))) {
    if (text[to] === '"') quoted = !quoted
    to += 1
  }
  return { to, open: quoted }
}

function filterAt(text: string, from: number) {
  const head = HEAD.exec(text.slice(from))
  if (!head) return undefined
  const [whole, name = '', op = ''] = head
  const field = ALIASES[name.toLowerCase()] ?? name.toLowerCase()
  const known = (FIELDS as readonly string[]).includes(field) || /^custom\../.test(field)
  // `Error: no card`, `https://…` and `a>b` are what people paste.
  if (!known && (op !== ':' || /^(\s|\/|:|$)/.test(text.slice(from + whole.length)))) return undefined
  return { field, op, start: from + whole.length }
}

/** What stands in a value, without its quotes. */
const bare = (value: string) => value.replace(/"/g, '')

export function readTokens(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1
      continue
    }
    const from = at
    const negated = text[at] === '-' && /[^\s-]/.test(text[at + 1] ?? '')
    const start = negated ? at + 1 : at
    const head = filterAt(text, start)
    const { to, open } = endOf(text, head?.start ?? start, /\s/)
    const token: Token = { from, to, text: text.slice(from, to), negated, open }
    if (head) {
      const values: { from: number; text: string }[] = []
      for (let place = head.start; place <= to; ) {
        const end = endOf(text.slice(0, to), place, /,/).to
        values.push({ from: place, text: bare(text.slice(place, end)) })
        place = end + 1
      }
      token.filter = { field: head.field, op: head.op, values }
    }
    tokens.push(token)
    at = to
  }
  return tokens
}

/** A value as the language takes it: quoted when it has blanks or commas. */
export const quote = (value: string) => (/[\s,"]/.test(value) ? `"${value.replace(/"/g, '')}"` : value)

/** A question as it is edited: filters as pills, in front of the text that is being typed. */
export interface Draft {
  pills: string[]
  text: string
}

export const isComplete = (token: Token) => !token.open && (token.filter?.values.some((value) => value.text) ?? false)

const tidy = (text: string) => text.replace(/\s+/g, ' ').trimStart()

/** Filters that are complete become pills, except the one in which the caret stands. */
export function absorb({ pills, text }: Draft, caret: number): Draft & { caret: number } {
  const done = readTokens(text).filter((token) => isComplete(token) && (caret < token.from || caret > token.to))
  if (!done.length) return { pills, text, caret }
  let rest = ''
  let at = 0
  let place = caret
  for (const token of done) {
    // With the blank behind it.
    const to = text[token.to] === undefined ? token.to : token.to + 1
    rest += text.slice(at, token.from)
    if (caret > token.from) place -= Math.min(caret, to) - token.from
    at = to
  }
  rest += text.slice(at)
  return { pills: [...pills, ...done.map((token) => token.text)], text: rest, caret: Math.max(0, place) }
}

/** The question of an address: its filters as pills, its words as text. */
export function toDraft(question: string): Draft {
  const tokens = readTokens(question)
  return {
    pills: tokens.filter(isComplete).map((token) => token.text),
    text: tidy(
      tokens
        .filter((token) => !isComplete(token))
        .map((token) => token.text)
        .join(' '),
    ),
  }
}

export const toQuestion = ({ pills, text }: Draft) => [...pills, text.trim()].filter(Boolean).join(' ')

/** Without the filter that is being typed: half a name is no mistake yet. */
export function settled({ pills, text }: Draft, caret: number | null): Draft {
  const typed = readTokens(text).find(
    (token) => token.filter && token.from <= (caret ?? -1) && (caret ?? -1) <= token.to,
  )
  return { pills, text: typed ? `${text.slice(0, typed.from)}${text.slice(typed.to)}` : text }
}

/** The pill that holds the n-th character (from 1) of the question, or null for its text. */
export function pillAt({ pills }: Draft, place: number): number | null {
  let from = 1
  for (const [index, pill] of pills.entries()) {
    const length = [...pill].length
    if (place <= from + length) return index
    from += length + 1
  }
  return null
}

/** The same question with or without a filter: how facets and links narrow it. */
export function toggleFilter(question: string, field: string, value: string): string {
  const wanted = `${field}:${quote(value)}`
  const tokens = readTokens(question)
  const same = tokens.find((token) => token.text.toLowerCase() === wanted.toLowerCase())
  const kept = tokens.filter((token) => token !== same && token.filter?.field !== field).map((token) => token.text)
  return (same ? kept : [...kept, wanted]).join(' ')
}

/** The values that a question demands of a field. */
export const valuesOf = (question: string, field: string) =>
  readTokens(question)
    .filter((token) => token.filter?.field === field && !token.negated && token.filter.op === ':')
    .flatMap((token) => token.filter?.values.map(({ text }) => text.toLowerCase()) ?? [])

/** `#123`, or only the number. */
export const ticketNumber = (question: string) => /^#?([1-9]\d{0,15})$/.exec(question.trim())?.[1] ?? null
