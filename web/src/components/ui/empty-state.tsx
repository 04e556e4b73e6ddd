import type { ReactNode } from 'react'

/** In place of a list that holds nothing: why, and what to do about it. */
export const EmptyState = ({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) => (
  <div className="grid flex-1 place-content-center justify-items-center gap-1 px-6 py-12 text-center">
    {icon && (
      <span aria-hidden className="mb-2 grid size-11 place-items-center rounded-full bg-hover text-dim">
        {icon}
      </span>
    )}
    <p className="font-medium">{title}</p>
    {children && <div className="max-w-[46ch] text-dim">{children}</div>}
    {action && <div className="mt-3">{action}</div>}
  </div>
)
