import clsx from 'clsx'
import { ListFilter } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { TIMELINE_FILTERS, type TimelineFilter } from '@/desk/timeline'
import { t } from './messages'

/** Chooses what the conversation shows; coloured while something is left out. */
export function FilterMenu({
  filter,
  onFilter,
  open,
  onOpen,
}: {
  filter: TimelineFilter
  onFilter: (filter: TimelineFilter) => void
  /** Opened by the keyboard as well. */
  open: boolean
  onOpen: (open: boolean) => void
}) {
  return (
    <Menu
      label={t.filter}
      open={open}
      onOpenChange={onOpen}
      trigger={
        <Button
          className={clsx('h-6 px-1.5 text-[12px]', filter !== 'all' && 'bg-accent-soft text-accent')}
          aria-label={`${t.filter}: ${t.filters[filter]}`}
          title={`${t.filter} (F)`}
        >
          <ListFilter size={14} aria-hidden />
          {filter !== 'all' && t.filters[filter]}
        </Button>
      }
      items={TIMELINE_FILTERS.map((each) => ({
        key: each,
        label: t.filters[each],
        chosen: each === filter,
        run: () => onFilter(each),
      }))}
    />
  )
}
