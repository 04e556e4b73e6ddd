import clsx from 'clsx'
import { Skeleton } from '@/components/ui/skeleton'

/** As tall as a result with a line of text and one of tags; `small`: as a name. */
export const ResultSkeleton = ({ small = false }: { small?: boolean }) => (
  <div
    className={clsx('flex gap-3 px-4', small ? 'h-11 items-center' : 'h-[94px] border-b border-line py-3')}
    aria-hidden
  >
    <Skeleton className={small ? 'size-7 rounded-full' : 'size-4 rounded-full'} />
    <div className="flex-1 space-y-2.5">
      <Skeleton className="h-4 w-2/3" />
      {!small && (
        <>
          <Skeleton className="h-3.5 w-5/6" />
          <Skeleton className="h-3.5 w-1/3" />
        </>
      )}
    </div>
  </div>
)
