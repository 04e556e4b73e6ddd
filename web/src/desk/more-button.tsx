import { Button } from '@/components/ui/button'
import { t } from './messages'

interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

/** Below a list that goes on: reads its next page. */
export function MoreButton({ pages }: { pages: Pages }) {
  if (!pages.hasNextPage) return null
  return (
    <p className="p-3 text-center">
      <Button
        variant="chip"
        className="max-md:h-11"
        disabled={pages.isFetchingNextPage}
        onClick={() => pages.fetchNextPage()}
      >
        {pages.isFetchingNextPage ? t.rows.loading : t.rows.more}
      </Button>
    </p>
  )
}
