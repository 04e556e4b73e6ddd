import clsx from 'clsx'
import { type ReactNode, useId } from 'react'

/** One of a few choices, all of them in sight: a radio group in the shape of a bar. */
export function Segmented<K extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string
  options: readonly { key: K; label: string; icon?: ReactNode }[]
  value: K
  onChange: (key: K) => void
}) {
  const name = useId()
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex max-w-full flex-wrap rounded-md bg-hover p-0.5 ring-1 ring-line ring-inset"
    >
      {options.map((option) => (
        <label
          key={option.key}
          className={clsx(
            'relative flex min-h-8 cursor-pointer items-center gap-1.5 rounded px-3 max-md:min-h-11',
            'has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.key === value
              ? 'bg-accent-soft font-medium text-ink ring-1 ring-accent ring-inset forced-colors:outline-2'
              : 'text-dim hover:text-ink',
          )}
        >
          <input
            type="radio"
            className="absolute inset-0 cursor-pointer opacity-0"
            name={name}
            checked={option.key === value}
            onChange={() => onChange(option.key)}
          />
          {option.icon && <span aria-hidden>{option.icon}</span>}
          {option.label}
        </label>
      ))}
    </div>
  )
}
