import clsx from 'clsx'

/** Holds the place of something that is on its way; give it the size of what comes. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={clsx('block animate-pulse rounded bg-hover', className)} />
)

/** Holds the place of a whole page. */
export const PageSkeleton = () => (
  <div className="min-h-0 flex-1 space-y-4 p-6" aria-busy>
    <Skeleton className="h-6 w-2/3" />
    <Skeleton className="h-24 rounded-lg" />
    <Skeleton className="h-24 rounded-lg" />
  </div>
)
