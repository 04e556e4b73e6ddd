import { ChevronDown } from 'lucide-react'
import { Picker } from '@/components/picker/picker'
import { t } from './messages'

interface Props {
  label: string
  id: string
  invalid: boolean
  describedBy: string | undefined
  options: { value: string; label: string }[]
  value: unknown
  className: string
  onChange: (value: string | null) => void
}

// In a longer list one finds by typing.
const MOST_NATIVE = 12

/** One of some options: the browser's own list for a few, one found by typing for many. */
export function Dropdown({ label, id, invalid, describedBy, options, value, className, onChange }: Props) {
  const known = options.find((option) => option.value === value)
  const shown = known?.label ?? (value ? String(value) : '')
  const shared = { id, 'aria-invalid': invalid, 'aria-describedby': describedBy }
  if (options.length <= MOST_NATIVE)
    return (
      <select
        {...shared}
        className={className}
        value={String(value ?? '')}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{t.none}</option>
        {!known && shown && <option value={String(value)}>{shown}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  return (
    <Picker
      label={label}
      trigger={
        <button
          id={id}
          data-invalid={invalid || undefined}
          aria-describedby={describedBy}
          type="button"
          className={`${className} data-invalid:border-danger flex items-center gap-1 text-start`}
        >
          <span dir="auto" className="min-w-0 flex-1 truncate">
            {shown || t.none}
          </span>
          <ChevronDown size={13} className="shrink-0 text-dim" aria-hidden />
        </button>
      }
      options={[
        ...(value ? [{ key: '', label: t.empty }] : []),
        ...options.map((option) => ({ key: option.value, label: option.label, chosen: option.value === value })),
      ]}
      onPick={({ key }) => onChange(key || null)}
    />
  )
}
