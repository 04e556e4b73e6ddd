/** The form control for a value of a custom field, by the field's type. */
import { Checkbox } from '@/components/ui/checkbox'
import type { Schemas } from '@/lib/api/client'

export type CustomField = Schemas['CustomField']

const optionsOf = (field: CustomField) =>
  (field.config.options ?? []).map((option) =>
    typeof option === 'string'
      ? { value: option, label: option }
      : { value: option.value, label: option.label ?? option.value },
  )

/** Typed text as the API takes it. Text that is no number is sent as it is, for the API to explain what is wrong. */
export const parseTyped = (field: CustomField, text: string): unknown => {
  if (text === '') return null
  return ['integer', 'decimal', 'relation'].includes(field.type) && !Number.isNaN(Number(text)) ? Number(text) : text
}

/** A checkbox for each option. */
function Multiselect({
  options,
  value,
  labelledBy,
  onChange,
}: {
  options: { value: string; label: string }[]
  value: string[]
  labelledBy: string
  onChange: (value: string[]) => void
}) {
  return (
    <span role="group" aria-labelledby={labelledBy} className="flex flex-wrap gap-x-3 gap-y-1 px-1.5 py-0.5">
      {options.map((option) => (
        <label key={option.value} htmlFor={`${labelledBy}-${option.value}`} className="flex items-center gap-1.5">
          <Checkbox
            id={`${labelledBy}-${option.value}`}
            checked={value.includes(option.value)}
            onChange={(event) =>
              onChange(
                options
                  .map((each) => each.value)
                  .filter((each) => (each === option.value ? event.target.checked : value.includes(each))),
              )
            }
          />
          {option.label}
        </label>
      ))}
    </span>
  )
}

export function CustomFieldControl({
  field,
  id,
  value,
  message,
  className,
  onChange,
  text,
}: {
  field: CustomField
  id: string
  value: unknown
  message: string | undefined
  className: string
  onChange: (value: unknown) => void
  /** For fields that are typed into: their text, which becomes a value when they are left. */
  text: { value: string; onText: (text: string) => void; onLeave?: () => void }
}) {
  const shared = { id, 'aria-invalid': Boolean(message), 'aria-describedby': message ? `${id}-error` : undefined }
  if (field.type === 'boolean')
    return (
      <Checkbox
        {...shared}
        className="ml-1.5 align-middle"
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
      />
    )
  if (field.type === 'dropdown')
    return (
      <select
        {...shared}
        className={className}
        value={String(value ?? '')}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">–</option>
        {optionsOf(field).map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  if (field.type === 'multiselect')
    return (
      <Multiselect
        options={optionsOf(field)}
        value={Array.isArray(value) ? value.map(String) : []}
        labelledBy={`${id}-label`}
        onChange={onChange}
      />
    )
  return (
    <input
      {...shared}
      type={field.type === 'date' ? 'date' : 'text'}
      className={className}
      value={text.value}
      placeholder="–"
      onChange={(event) => text.onText(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && text.onLeave && event.currentTarget.blur()}
      onBlur={text.onLeave}
    />
  )
}
