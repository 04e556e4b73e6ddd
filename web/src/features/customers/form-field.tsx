import type { InputHTMLAttributes } from 'react'
import { BOX } from '@/components/ui/field'

/** A labelled box of a form, with what is wrong with its value. */
export function FormField({
  id,
  label,
  message,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { id: string; label: string; message?: string | undefined }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        dir="auto"
        autoComplete="off"
        aria-invalid={Boolean(message)}
        aria-describedby={message ? `${id}-error` : undefined}
        className={BOX}
      />
      {message && (
        <p
          id={`${id}-error`}
          role="alert"
          className="mt-0.5 text-[12px] leading-4 text-danger [overflow-wrap:anywhere]"
        >
          {label}: {message}
        </p>
      )}
    </div>
  )
}
