import clsx from 'clsx'
import { SlidersHorizontal } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { LazyPopup } from '@/components/ui/lazy-popup'
import type { Change, Filters } from './filters'
import { t } from './messages'
import { DisplayPopup } from './parts'

/** Order, groups and columns, which a view keeps; and the height of rows, which this browser keeps. */
export function DisplayMenu({
  filters,
  set,
  compact,
}: {
  filters: Filters
  set: (change: Change) => void
  compact: boolean
}) {
  const trigger = (
    <Button className={clsx('text-dim max-md:h-9', compact && 'px-1.5')} aria-label={t.display.label}>
      <SlidersHorizontal size={15} aria-hidden /> {!compact && t.display.label}
    </Button>
  )
  return <LazyPopup part={DisplayPopup} kind="dialog" props={{ trigger, filters, set }} />
}
