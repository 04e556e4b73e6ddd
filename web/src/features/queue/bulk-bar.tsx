import { ArrowUp, CircleDot, Ellipsis, Merge, SignalHigh, Tag, UserPlus, X, Zap } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { number } from '@/lib/messages'
import type { ActKind } from './acts'
import { t } from './messages'

const ACTS = [
  { kind: 'assignee', label: t.act.assign, icon: UserPlus },
  { kind: 'status', label: t.act.status, icon: CircleDot },
  { kind: 'priority', label: t.act.priority, icon: SignalHigh },
  { kind: 'tags', label: t.act.addTags, icon: Tag },
  { kind: 'macro', label: t.act.macro, icon: Zap },
  { kind: 'merge', label: t.act.merge, icon: Merge },
] as const

/** What can be done to the selected tickets. */
export function BulkBar({
  count,
  total,
  all,
  mayTrash,
  act,
  selectAll,
  clear,
}: {
  count: number
  /** How many tickets the list holds; nothing while that is not known. */
  total: { count: number; exact: boolean } | undefined
  /** Every ticket of the list is meant, loaded or not. */
  all: boolean
  mayTrash: boolean
  act: (kind: ActKind) => void
  /** Offers to select every ticket of the list; nothing when all of them are. */
  selectAll: (() => void) | undefined
  clear: () => void
}) {
  const whole = total ? `${number(total.count)}${total.exact ? '' : '+'}` : ''
  return (
    <div role="toolbar" aria-label={t.bulk.bar} className="relative flex flex-wrap items-center gap-0.5 p-1.5 md:pe-10">
      <strong className="ps-2.5 font-semibold whitespace-nowrap" role="status">
        {all ? t.bulk.allSelected(whole) : t.bulk.selected(count)}
      </strong>
      {all ? (
        <span className="px-1.5 whitespace-nowrap text-dim">{t.bulk.inList}</span>
      ) : (
        selectAll && (
          <Button className="text-accent" onClick={selectAll}>
            <ArrowUp size={14} aria-hidden className="max-md:hidden" /> {t.bulk.selectAll(whole)}
          </Button>
        )
      )}
      <span className="flex min-w-0 flex-wrap items-center max-md:w-full max-md:flex-nowrap max-md:overflow-x-auto">
        {ACTS.map(({ kind, label, icon: Icon }) => (
          <Button
            key={kind}
            className="max-md:h-11"
            disabled={kind === 'merge' && (all || count < 2)}
            title={kind === 'merge' && count < 2 ? t.act.needTwo : undefined}
            onClick={() => act(kind)}
          >
            <Icon size={15} aria-hidden /> {label}
          </Button>
        ))}
        <Menu
          label={t.act.more}
          trigger={
            <Button aria-label={t.act.more} className="px-1.5 max-md:h-11 max-md:w-11">
              <Ellipsis size={16} aria-hidden />
            </Button>
          }
          items={[
            { key: 'team', label: t.keys.team, run: () => act('team') },
            { key: 'type', label: t.keys.type, run: () => act('type') },
            { key: 'requester', label: t.keys.requester, run: () => act('requester') },
            { key: 'organization', label: t.keys.organization, run: () => act('organization') },
            { key: 'language', label: t.keys.language, run: () => act('language') },
            { key: 'untag', label: t.act.removeTags, run: () => act('untag') },
            { key: 'field', label: t.keys.field, run: () => act('field') },
            ...(mayTrash ? [{ key: 'trash', label: t.keys.trash, run: () => act('trash') }] : []),
          ]}
        />
      </span>
      <Button
        onClick={clear}
        aria-label={t.bulk.clear}
        // At the end of the first line, however many there are.
        className="px-1.5 max-md:order-first max-md:h-11 max-md:w-11 md:absolute md:end-1.5 md:top-1.5"
      >
        <X size={15} aria-hidden />
      </Button>
    </div>
  )
}
