import type { ReactNode } from 'react'

/** A key of the keyboard. */
export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="inline-grid h-[18px] min-w-[18px] place-items-center rounded border border-line bg-raised px-1 font-sans text-[11px] leading-none whitespace-nowrap text-dim">
    {children}
  </kbd>
)
