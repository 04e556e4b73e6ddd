/** The form control for a value of a custom field, by the field's type. */
import { useRef } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { DateTimeField, LAST_DATE } from '@/components/ui/date-time-field'
import { type AnyField, configOf, optionsOf } from './fields/custom-field'
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
  /** For fields that are typed into: their text, which becomes a value when they are left. */
  text: { value: string; onText: (text: string) => void; onLeave?: () => void; onCancel?: () => void }
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
      return <Typed {...{ field, shared, className, text }} />
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
}: Pick<Props, 'field' | 'className' | 'text'> & {
  shared: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }
}) {
  const { zone } = useTimes()
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
        value={text.value}
        placeholder={t.none}
        onChange={(event) => text.onText(event.target.value)}
      />
    )
  if (field.type === 'datetime')
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: hears when both of its inputs are left
      <span
        title={zone && t.inZone(zone)}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) leaving.onBlur()
        }}
      >
        <DateTimeField
          id={shared.id}
          label={field.label}
          value={text.value || null}
          zone={zone}
          invalid={shared['aria-invalid']}
          {...(shared['aria-describedby'] ? { describedBy: shared['aria-describedby'] } : {})}
          className={`${className} w-auto! flex-auto`}
          onChange={(value) => text.onText(value ?? '')}
        />
      </span>
    )
  return (
    <input
      {...shared}
      {...leaving}
      dir={field.type === 'date' ? undefined : 'auto'}
      {...(field.type === 'date' ? { type: 'date', max: LAST_DATE } : { type: 'text' })}
      inputMode={INPUT_MODE[field.type]}
      autoComplete="off"
      className={className}
      value={text.value}
      placeholder={t.none}
      onChange={(event) => text.onText(event.target.value)}
    />
  )
}
