/** Which custom fields a ticket asks for: those of its form in their order, as far as their conditions hold. */
import type { Schemas } from '@/lib/api/client'

type CustomField = Schemas['CustomField']
type Values = Record<string, unknown>

interface VisibleWhen {
  field: string
  in: unknown[]
}

export interface AskedField {
  field: CustomField
  /** When it may not be empty. */
  required: 'create' | 'solve' | null
}

const isCondition = (value: unknown): value is VisibleWhen =>
  typeof value === 'object' && value !== null && 'field' in value && 'in' in value && Array.isArray(value.in)

const same = (one: unknown, other: unknown) =>
  one === other ||
  (typeof one === 'string' && typeof other === 'string' && /T\d/.test(one) && Date.parse(one) === Date.parse(other))

const holds = ({ field, in: wanted }: VisibleWhen, values: Values) => {
  const value = values[field]
  const among = (each: unknown) => wanted.some((one) => same(each, one))
  return Array.isArray(value) ? value.some(among) : value !== undefined && value !== null && among(value)
}

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)

/** The forms that somebody may choose: the API says of each to whom it is shown. */
export const formsFor = (
  forms: Schemas['TicketForm'][],
  { role, team_ids: own }: Pick<Schemas['Me'], 'role' | 'team_ids'>,
): Schemas['TicketForm'][] =>
  forms.filter(
    ({ active, shown_to, team_ids }) =>
      active &&
      (role === 'admin' || (shown_to.includes('agent') && (!team_ids || team_ids.some((team) => own.includes(team))))),
  )

/**
 * The fields to show for these values. Without a form all of the desk; what a form does not ask for is shown behind it
 * while it has a value.
 */
export function fieldsToAsk(
  fields: CustomField[],
  form: Schemas['TicketForm'] | undefined,
  values: Values,
): AskedField[] {
  const active = fields.filter((field) => field.active)
  const placed = new Map(form?.fields.map((each, at) => [each.field, { ...each, at }]))
  const conditionOf = (field: CustomField) => {
    const when = placed.get(field.key)?.visible_when ?? field.visible_when
    return isCondition(when) ? when : undefined
  }
  /** A hidden field hides those that depend on it; a circle shows none. */
  const isVisible = (field: CustomField, steps = 0): boolean => {
    const when = conditionOf(field)
    if (!when) return true
    if (steps > active.length || !holds(when, values)) return false
    const other = active.find(({ key }) => key === when.field)
    return !other || isVisible(other, steps + 1)
  }
  const requiredOf = (field: CustomField): AskedField['required'] => {
    const own = field.required_on_create ? 'create' : field.required_on_solve ? 'solve' : null
    if (!form) return own
    const asked = placed.get(field.key)
    if (!asked) return null
    if (asked.required === 'create' || asked.required === 'solve') return asked.required
    return asked.required === 'never' ? null : own
  }
  const position = (field: CustomField) => (form ? (placed.get(field.key)?.at ?? 1000) : 0)
  return active
    .filter((field) => (!form || placed.has(field.key) ? isVisible(field) : !isEmpty(values[field.key])))
    .sort((one, other) => position(one) - position(other) || one.position - other.position || one.id - other.id)
    .map((field) => ({ field, required: requiredOf(field) }))
}
