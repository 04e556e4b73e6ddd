/**
 * What the API says, in the reader's language: by the reason of a problem and its values, else by its code. What has
 * neither stays in English, and is marked so for those who hear the page.
 */
import { language, messages } from '@/lib/messages'
import en from './messages/en'
import type { components } from './schema'

const t = await messages(en, { de: () => import('./messages/de') })

type Problem = Partial<components['schemas']['Problem']>
type FieldProblem = components['schemas']['FieldProblem']

const english = new Set<string>()

/** The language of a text of the API that is shown as it came. */
export const langOf = (text: string | undefined) => (text !== undefined && english.has(text) ? 'en' : undefined)

const byReason = ({ reason, values }: Pick<FieldProblem, 'reason' | 'values'>) =>
  reason ? t.reason[reason]?.(values ?? {}) : undefined

function asItCame(text: string) {
  if (language !== 'en') english.add(text)
  return text
}

/** What is wrong with one value. How a desk's own field words it is in the desk's language. */
export const tellField = (problem: FieldProblem) =>
  byReason(problem) ?? (problem.path.startsWith('custom.') ? problem.message : asItCame(problem.message))

/** What a whole request met with; without a code nobody has answered that knows. */
export function tellProblem(body: Problem | undefined): string {
  if (!body?.code) return body?.detail ?? t.unreachable
  const known = byReason(body)
  if (known) return known
  if (body.detail && language === 'en') return body.detail
  return t.code[body.code] ?? asItCame(body.detail ?? t.unreachable)
}
