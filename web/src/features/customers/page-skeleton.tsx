import { Skeleton } from '@/components/ui/skeleton'

/** As tall as the head of a customer's page. */
export const PageSkeleton = () => (
  <div className="flex-1 space-y-3 px-5 py-4" aria-hidden>
    <div className="flex items-center gap-3">
      <Skeleton className="size-12 rounded-full" />
      <div className="space-y-2">
        <Skeleton className="h-6 w-48" />
        <Skeleton className="h-4 w-32" />
      </div>
    </div>
    <Skeleton className="h-[60px] rounded-xl" />
    <Skeleton className="h-10" />
    <Skeleton className="h-12" />
    <Skeleton className="h-12" />
    <Skeleton className="h-12" />
  </div>
)
