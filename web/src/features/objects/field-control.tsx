/** The control for a field of a record, over its value as text. */
import type { ObjectField } from '@/desk/objects'
import { t } from './messages'

interface Config {
  options?: (string | { value: string; label?: string })[]
  target?: string
}

export const configOf = (field: ObjectField) => (field.config ?? {}) as Config

export const optionsOf = (field: ObjectField) =>
  (configOf(field).options ?? []).map((option) =>
    typeof option === 'string'
      ? { value: option, label: option }
      : { value: option.value, label: option.label ?? option.value },
  )

export const fieldLabel = (field: ObjectField) => (field.required ? `${field.label} *` : field.label)

/** A value as the control has it. */
export const textOf = (value: unknown) =>
  value === null || value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value)

/** Text as the API takes it. What is no number is sent as it is, for the API to say what is wrong. */
export function readTyped(field: ObjectField, text: string): unknown {
  if (text === '') return null
  if (field.type === 'boolean') return text === 'true'
  if (field.type === 'multiselect')
    return text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean)
  if (['integer', 'decimal', 'relation'].includes(field.type) && !Number.isNaN(Number(text))) return Number(text)
  return text
}

/** A value as it is read: the labels of its options. */
export function shownOf(field: ObjectField, value: unknown): string {
  if (field.type === 'boolean') return value === true ? t.yes : value === false ? t.no : ''
  const labels = new Map(optionsOf(field).map((option) => [option.value, option.label]))
  const values = Array.isArray(value) ? value.map(String) : value === null || value === undefined ? [] : [String(value)]
  return values.map((each) => labels.get(each) ?? each).join(', ')
}

const BOX =
  'h-8 w-full rounded-md border border-line bg-canvas px-2.5 focus:border-accent aria-invalid:border-danger max-md:h-11 max-md:text-[16px]'

export function FieldControl({
  field,
  text,
  onText,
  onLeave,
  ...shared
}: {
  field: ObjectField
  text: string
  onText: (text: string) => void
  onLeave?: (() => void) | undefined
  id?: string
  autoFocus?: boolean
}) {
  const options =
    field.type === 'boolean'
      ? [
          { value: 'true', label: t.yes },
          { value: 'false', label: t.no },
        ]
      : optionsOf(field)
  if ((field.type === 'boolean' || field.type === 'dropdown') && options.length)
    return (
      <select
        {...shared}
        className={BOX}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onBlur={onLeave}
      >
        <option value="">{t.choose}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  return (
    <input
      {...shared}
      dir="auto"
      autoComplete="off"
      type={field.type === 'date' ? 'date' : 'text'}
      className={BOX}
      value={text}
      onChange={(event) => onText(event.target.value)}
      onBlur={onLeave}
    />
  )
}
