import { type ReactNode, useId } from 'react'
import { Told } from './told'

/**
 * What can be changed; what cannot has the ground of the page. Not `:read-only`, which every select is for CSS. A
 * select adds 4 px before its text.
 */
export const CONTROL =
  'w-full rounded-md border border-check bg-raised px-2.5 text-ink placeholder:text-dim focus:border-accent disabled:opacity-60 aria-invalid:border-danger max-md:text-[16px] [&:is(select)]:px-1.5 [&[readonly]]:border-line [&[readonly]]:bg-panel'

/** One of one line, in a form. */
export const BOX = `${CONTROL} h-8 max-md:h-11`

/** A label, its control, and below it what the control is for or what is wrong with its value. */
export function Field({
  label,
  hint,
  problem,
  children,
}: {
  label: string
  hint?: string | undefined
  problem?: string | undefined
  children: (control: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }) => ReactNode
}) {
  const id = useId()
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': Boolean(problem) })}
      {problem && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-danger-ink">
          <Told text={problem} />
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-[12px] leading-4 text-dim">
          {hint}
        </p>
      )}
    </div>
  )
}
