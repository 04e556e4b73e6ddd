/**
 * What the API says, in the reader's language: by the reason of a problem and its values, else by its code. What has
 * neither stays in English, and is marked so for those who hear the page.
 */
import { formatSize } from '@/lib/format-size'
import { language, messages, number } from '@/lib/messages'
import { writeDay, writeMoment } from '@/lib/written-date'
import en from './messages/en'
import type { components } from './schema'

const t = await messages(en, { de: () => import('./messages/de') })

type Problem = Partial<components['schemas']['Problem']>
type FieldProblem = components['schemas']['FieldProblem']

const english = new Set<string>()

/** The language of a text of the API that is shown as it came. */
export const langOf = (text: string | undefined) => (text !== undefined && english.has(text) ? 'en' : undefined)

/** What the API gives as an example, in the form of a language in which the API does not write it. */
const exampleOf = (text: string) =>
  language === 'en' ? text : writeMoment(writeDay(text, language), { locale: language, zone: 'UTC' })

/** The values of a problem as they are read: numbers with the signs of the language, ids as they are. */
const worded = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, text]) => {
      if (name === 'example') return [name, exampleOf(text)]
      const counts = ['least', 'most', 'value'].includes(name) && String(Number(text)) === text
      return [name, counts ? number(Number(text)) : text]
    }),
  )

function byReason({ reason, values }: Pick<FieldProblem, 'reason' | 'values'>) {
  if (!reason) return undefined
  // As people read sizes; the API counts.
  if (reason === 'file_too_big' && values?.most) return t.fileTooBig(formatSize(Number(values.most)))
  return t.reason[reason]?.(worded(values ?? {}))
}

/** A text that nobody has other words for. */
export function asItCame(text: string) {
  if (language !== 'en') english.add(text)
  return text
}

/** What is wrong with one value. How a desk's own field words it is in the desk's language. */
export const tellField = (problem: FieldProblem) =>
  byReason(problem) ?? (problem.path.startsWith('custom.') ? problem.message : asItCame(problem.message))

/** What a whole request met with; without a code nobody has answered that knows. `status`: that of the answer. */
export function tellProblem(body: Problem | undefined, status = 503): string {
  // A gateway says that it cannot reach the desk; whatever else answers has been reached.
  if (!body?.code) return body?.detail ?? (status > 500 ? undefined : t.code[`TK${status}`]) ?? t.unreachable
  const known = byReason(body)
  if (known) return known
  if (body.detail && language === 'en') return body.detail
  return t.code[body.code] ?? asItCame(body.detail ?? t.unreachable)
}

interface Form {
  form: RegExp
  names: string[]
  tell: (values: Record<string, string>) => string
}

/** How the API writes each reason in English, with the names of its values. */
const formsOf = (words: Record<string, Form['tell']>, told: Record<string, Form['tell']>): Form[] =>
  Object.entries(words).flatMap(([reason, word]) => {
    const tell = told[reason]
    if (!tell) return []
    const parts = word(new Proxy<Record<string, string>>({}, { get: (_, name) => `{${String(name)}}` })).split(
      /\{(\w+)\}/,
    )
    const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/[‘’]/g, "['‘’]")
    const form = new RegExp(`^${parts.map((part, at) => (at % 2 ? '(.*?)' : literally(part))).join('')}$`, 's')
    return [{ form, names: parts.filter((_, at) => at % 2), tell }]
  })

let forms: Form[] | undefined

/** A text of which nothing but itself was kept: what it says is found again by the English words. */
function tellText(text: string): string | undefined {
  forms ??= [...formsOf(en.reason, t.reason), ...formsOf(en.kept, t.kept)]
  for (const { form, names, tell } of forms) {
    const values = form.exec(text)?.slice(1)
    if (values) return tell(worded(Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']))))
  }
  return undefined
}

/** What is wrong according to a kept text: one problem a line, most of them with the path of a value. */
export const tellKept = (text: string): { path: string; message: string }[] =>
  (text ? text.split('\n') : []).map((line) => {
    const [, path = '', message = line] = /^([a-z_][\w.[\]-]*): (.*)$/.exec(line) ?? []
    const known = language === 'en' ? message : tellText(message)
    return { path, message: known ?? (path.startsWith('custom.') ? message : asItCame(message)) }
  })
