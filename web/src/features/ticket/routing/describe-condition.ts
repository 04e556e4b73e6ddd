/** Says in a few words why a rule did not match: by the first of its conditions that failed. */
import { languageName } from '@/lib/locale'
import { t } from './messages'

type Told = Record<string, unknown>

const isTold = (value: unknown): value is Told => typeof value === 'object' && value !== null && !Array.isArray(value)

const GROUPS = ['all', 'any', 'none'] as const

const list = (value: unknown) => (Array.isArray(value) ? value : [value]).map(String)

const LANGUAGES = ['language', 'requester.locale']

/** The values of a field as one reads them: languages by their names. */
const worded = (field: string, value: unknown) =>
  LANGUAGES.includes(field) ? list(value).map(languageName) : list(value)

/** “a”, “b” or “c”; no more than three. */
function either(values: string[]): string {
  const quoted = values.slice(0, 3).map((value) => `“${value}”`)
  const last = quoted.pop() ?? ''
  if (values.length > 3) return `${[...quoted, last].join(', ')} …`
  return quoted.length ? t.condition.or(quoted.join(', '), last) : last
}

function describeTest({ field: name, op, value, found }: Told, labels: ReadonlyMap<string, string>): string {
  const field = String(name)
  const label = field.startsWith('custom.') ? labels.get(field.slice('custom.'.length)) : undefined
  const here = found === null || found === undefined ? undefined : worded(field, found).join(', ')
  switch (op) {
    case 'contains_word':
      return t.condition.word(either(list(value)))
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      return t.condition.text(field, label, either(list(value)))
    case 'includes_any':
    case 'includes_all':
      return field === 'tags'
        ? t.condition.lacks(either(list(value)))
        : t.condition.isNot(field, label, either(list(value)))
    case 'includes_none':
      return t.condition.has(either(list(value)))
    case 'within_schedule':
    case 'outside_schedule':
      return t.condition.time
    case 'present':
      return t.condition.empty(field, label)
    case 'absent':
      return t.condition.present(field, label)
    case 'is':
    case 'in':
      return here === undefined
        ? t.condition.empty(field, label)
        : t.condition.isNot(field, label, t.list(worded(field, value).slice(0, 3)))
    default:
      return here === undefined ? t.condition.empty(field, label) : t.condition.is(field, label, here)
  }
}

/** Whether they hold as the ticket is now. */
export const holds = (conditions: unknown) => isTold(conditions) && conditions.holds === true

/** `labels`: of the desk's custom fields, by their keys. */
export function describeFailure(conditions: unknown, labels: ReadonlyMap<string, string> = new Map()): string {
  if (!isTold(conditions)) return t.condition.some
  const group = GROUPS.find((key) => key in conditions)
  if (!group) return describeTest(conditions, labels)
  const parts = (Array.isArray(conditions[group]) ? conditions[group] : []).filter(isTold)
  // Within `none`, what holds is what stands in the way.
  const failed = parts.filter(({ holds }) => holds === (group === 'none'))
  const [first] = failed
  if (!first) return t.condition.some
  if (group === 'none' && 'field' in first)
    return t.condition.is(
      String(first.field),
      labels.get(String(first.field).slice('custom.'.length)),
      worded(String(first.field), first.found).join(', '),
    )
  if (group === 'any' && failed.length > 1) return t.condition.group(failed.length)
  return describeFailure(first, labels)
}
