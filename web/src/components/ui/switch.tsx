import clsx from 'clsx'

/** On or off, at once: for what takes effect without a button to save it. */
export function Switch({
  label,
  checked,
  onChange,
  hideLabel = false,
}: {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
  hideLabel?: boolean
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={hideLabel ? label : undefined}
      onClick={() => onChange(!checked)}
      className="inline-flex min-h-7 items-center gap-2 rounded-md px-1 hover:bg-hover max-md:min-h-11"
    >
      {!hideLabel && <span>{label}</span>}
      <span
        aria-hidden
        className={clsx(
          'flex h-[18px] w-8 items-center rounded-full border p-px transition-colors',
          checked ? 'justify-end border-accent bg-accent' : 'border-check bg-hover',
        )}
      >
        <span className={clsx('size-3.5 rounded-full', checked ? 'bg-accent-ink' : 'bg-check')} />
      </span>
    </button>
  )
}
