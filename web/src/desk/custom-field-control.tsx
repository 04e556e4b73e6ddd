/** The form control for a value of a custom field, by the field's type. */
import { useRef } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { DateField } from '@/components/ui/date-field'
import { type AnyField, configOf, optionsOf, textOf } from './fields/custom-field'
import { Dropdown } from './fields/dropdown'
import { t } from './fields/messages'
import { Multiselect } from './fields/multiselect'
import { Relation } from './fields/relation'
import { useTimes } from './times'

interface Props {
  field: AnyField
  id: string
  value: unknown
  message: string | undefined
  className: string
  onChange: (value: unknown) => void
  /** For fields that are typed into: their text, until it is a value. */
  text: { draft?: string | null; onText: (text: string) => void; onLeave?: () => void; onCancel?: () => void }
}

export function CustomFieldControl({ field, id, value, message, className, onChange, text }: Props) {
  const describedBy = message ? `${id}-error` : undefined
  const shared = { id, 'aria-invalid': Boolean(message), 'aria-describedby': describedBy }
  const listed = { label: field.label, id, invalid: Boolean(message), describedBy, className }
  switch (field.type) {
    case 'boolean':
      return (
        // As high as a target of the finger or the pointer has to be.
        <span className="flex min-h-6 items-center max-md:min-h-11">
          <Checkbox
            {...shared}
            className="ms-1.5"
            checked={value === true}
            onChange={(event) => onChange(event.target.checked)}
          />
        </span>
      )
    case 'dropdown':
      return <Dropdown {...listed} options={optionsOf(field)} value={value} onChange={onChange} />
    case 'relation':
      return <Relation {...listed} target={configOf(field).target ?? 'user'} value={value} onChange={onChange} />
    case 'multiselect':
      return (
        <Multiselect
          {...listed}
          options={optionsOf(field)}
          value={Array.isArray(value) ? value.map(String) : []}
          labelledBy={`${id}-label`}
          onChange={onChange}
        />
      )
    default:
      return <Typed {...{ field, shared, className, text, onChange }} typed={text.draft ?? textOf(value)} />
  }
}

const INPUT_MODE: Record<string, 'numeric' | 'decimal' | 'url' | 'email'> = {
  integer: 'numeric',
  decimal: 'decimal',
  url: 'url',
  email: 'email',
}

/** Enter leaves the field, Escape gives up what was typed. */
function Typed({
  field,
  shared,
  className,
  text,
  typed,
  onChange,
}: Pick<Props, 'field' | 'className' | 'text' | 'onChange'> & {
  typed: string
  shared: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }
}) {
  const form = useTimes()
  const cancelled = useRef(false)
  const leaving = {
    onKeyDown: (event: React.KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      const lines = field.type === 'multiline' && !event.ctrlKey && !event.metaKey
      if (!text.onLeave || (event.key !== 'Escape' && (event.key !== 'Enter' || lines))) return
      event.preventDefault()
      event.stopPropagation()
      cancelled.current = event.key === 'Escape'
      event.currentTarget.blur()
    },
    onBlur: () => {
      if (cancelled.current) text.onCancel?.()
      else text.onLeave?.()
      cancelled.current = false
    },
  }
  if (field.type === 'multiline')
    return (
      <textarea
        {...shared}
        {...leaving}
        dir="auto"
        rows={2}
        className={`${className} h-auto! min-h-14 resize-y py-1 field-sizing-content`}
        value={typed}
        placeholder={t.none}
        onChange={(event) => text.onText(event.target.value)}
      />
    )
  if (field.type === 'date' || field.type === 'datetime')
    return (
      <DateField
        {...shared}
        {...leaving}
        label={field.label}
        value={typed}
        withTime={field.type === 'datetime'}
        form={form}
        className={className}
        onText={text.onText}
        onPick={onChange}
      />
    )
  return (
    <input
      {...shared}
      {...leaving}
      dir="auto"
      type="text"
      inputMode={INPUT_MODE[field.type]}
      autoComplete="off"
      className={className}
      value={typed}
      placeholder={t.none}
      onChange={(event) => text.onText(event.target.value)}
    />
  )
}
