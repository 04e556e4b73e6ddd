import { ChevronDown } from 'lucide-react'
import { Picker } from '@/components/picker/picker'
import { Checkbox } from '@/components/ui/checkbox'
import { t } from './messages'

interface Props {
  label: string
  options: { value: string; label: string }[]
  value: string[]
  labelledBy: string
  describedBy: string | undefined
  className: string
  onChange: (value: string[]) => void
}

// More do not fit beside each other.
const MOST_BOXES = 6

/** Several options: a box for each of a few, a list found by typing for many. */
export function Multiselect({ label, options, value, labelledBy, describedBy, className, onChange }: Props) {
  /** In the order of the options. */
  const withChanged = (changed: string, on: boolean) =>
    options.map((each) => each.value).filter((each) => (each === changed ? on : value.includes(each)))
  if (options.length > MOST_BOXES)
    return (
      <Picker
        several
        label={label}
        trigger={
          <button
            type="button"
            aria-labelledby={`${labelledBy} ${labelledBy}-value`}
            aria-describedby={describedBy}
            className={`${className} flex items-center gap-1 text-start`}
          >
            <span id={`${labelledBy}-value`} className="min-w-0 flex-1 truncate">
              {options
                .filter((each) => value.includes(each.value))
                .map((each) => each.label)
                .join(', ') || t.none}
            </span>
            <ChevronDown size={13} className="shrink-0 text-dim" aria-hidden />
          </button>
        }
        options={options.map((each) => ({ key: each.value, label: each.label, chosen: value.includes(each.value) }))}
        onPick={({ key }) => onChange(withChanged(key, !value.includes(key)))}
      />
    )
  return (
    <span
      role="group"
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      className="flex flex-wrap gap-x-3 gap-y-1 px-1.5 py-0.5"
    >
      {options.map((option) => (
        <label
          key={option.value}
          htmlFor={`${labelledBy}-${option.value}`}
          className="flex min-h-6 items-center gap-1.5 max-md:min-h-11"
        >
          <Checkbox
            id={`${labelledBy}-${option.value}`}
            checked={value.includes(option.value)}
            onChange={(event) => onChange(withChanged(option.value, event.target.checked))}
          />
          <span dir="auto">{option.label}</span>
        </label>
      ))}
    </span>
  )
}
