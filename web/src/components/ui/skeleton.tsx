import clsx from 'clsx'

/** Holds the place of something that is on its way; give it the size of what comes. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={clsx('block animate-pulse rounded bg-hover', className)} />
)
