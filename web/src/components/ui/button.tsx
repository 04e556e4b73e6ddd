import clsx from 'clsx'
import type { ButtonHTMLAttributes } from 'react'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: 'primary' | 'plain' | 'chip'
  /** A part of a button in two. */
  shape?: 'whole' | 'start' | 'end'
}

/** A button in one of three weights: the main action, a plain one, or a chip with a border. */
export function Button({ variant = 'plain', shape = 'whole', className, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={clsx(
        'inline-flex h-7 shrink-0 items-center gap-1.5 px-2.5 whitespace-nowrap disabled:opacity-55',
        shape === 'whole' && 'rounded-md',
        shape === 'start' && 'rounded-s-md',
        shape === 'end' && 'rounded-e-md border-s border-accent-ink/30',
        variant !== 'chip' && 'font-medium',
        variant === 'primary' && 'bg-accent text-accent-ink hover:brightness-110',
        variant === 'plain' && 'hover:bg-hover',
        variant === 'chip' && 'border border-line bg-raised hover:bg-hover',
        className,
      )}
    />
  )
}
