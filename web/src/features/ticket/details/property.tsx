import clsx from 'clsx'
import type { ButtonHTMLAttributes, ReactNode } from 'react'

/** What a value looks like that opens a list. */
export const VALUE =
  'flex min-h-6 max-w-full items-center gap-1.5 rounded px-1.5 py-0.5 text-start hover:bg-hover disabled:opacity-55 max-md:min-h-11'

/** One property of the ticket: its name, and its value. */
export const Property = ({ name, top, children }: { name: ReactNode; top?: boolean; children: ReactNode }) => (
  <div className={clsx('grid grid-cols-[90px_minmax(0,1fr)] gap-x-1', top ? 'items-start' : 'items-center')}>
    <dt dir="auto" className={clsx('text-dim [overflow-wrap:anywhere]', top && 'pt-0.5')}>
      {name}
    </dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)

/** A value that opens a list; its name says which property it is of. */
export function Value({ dim, children, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { dim?: boolean }) {
  return (
    <button type="button" {...rest} className={clsx(VALUE, dim && 'text-dim')}>
      {children}
    </button>
  )
}
