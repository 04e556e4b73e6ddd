import clsx from 'clsx'
import { ChevronDown, ListFilter, Plus, X } from 'lucide-react'
import { type ReactNode, type Ref, useState } from 'react'
import { Picker } from '@/components/picker/picker'
import { Button } from '@/components/ui/button'
import { FilterBox } from './filter-box'
import { type Change, FACETS, type Facet, type Filters, isSingle, toggled, valuesOf } from './filters'
import { t } from './messages'
import { isCategory, useFacetOptions } from './use-facets'

// Offered even while nothing is chosen; the others are found behind the plus.
const OFFERED: Facet[] = ['status', 'priority', 'assignee', 'channel']
const SHOWN = 3

/** The change that a choice makes: statuses and their categories exclude one another, periods each other. */
function changeBy(facet: Facet, filters: Filters, key: string): Change {
  if (isCategory(key)) {
    const category = key.slice('category:'.length)
    return { status: undefined, category: category === 'active' ? undefined : category }
  }
  if (isSingle(facet)) return { [facet]: filters[facet] === key ? undefined : key }
  const value = toggled(valuesOf(filters, facet), key) || undefined
  return facet === 'status' ? { status: value, category: undefined } : { [facet]: value }
}

/** Values one after another; many are told as a number. */
const joined = (labels: string[]) =>
  labels.length > SHOWN
    ? `${labels.slice(0, SHOWN - 1).join(', ')} ${t.filter.more(labels.length - SHOWN + 1)}`
    : labels.join(', ')

interface Props {
  facet: Facet
  filters: Filters
  labels: string[]
  set: (change: Change) => void
}

function Chip({
  facet,
  filters,
  labels,
  set,
  open,
  spare,
  onOpen,
}: Props & {
  open: boolean
  /** Gives way where there is little room: the plus has it too. */
  spare: boolean
  onOpen: (open: boolean) => void
}) {
  const [typed, setTyped] = useState('')
  const { options, loading, onRetry, lookedUp } = { lookedUp: false, ...useFacetOptions(facet, filters, typed) }
  const name = t.facet[facet]
  const active = labels.length > 0
  const text = joined(labels)
  const clear = () => set(facet === 'status' ? { status: undefined, category: 'all' } : { [facet]: undefined })
  return (
    <span
      className={clsx(
        'inline-flex h-7 shrink-0 items-center rounded-md border max-md:h-8',
        active ? 'border-accent/45 bg-accent-soft text-accent' : 'border-line bg-raised',
        spare && 'max-xl:hidden',
      )}
    >
      <Picker
        label={name}
        options={options}
        several={!isSingle(facet)}
        loading={loading}
        onRetry={onRetry}
        onTyped={lookedUp ? setTyped : undefined}
        onPick={({ key }) => set(changeBy(facet, filters, key))}
        open={open}
        onOpenChange={onOpen}
        trigger={
          <button
            type="button"
            aria-label={active ? t.filter.edit(name, labels.join(', ')) : name}
            title={labels.length > SHOWN ? labels.join(', ') : undefined}
            onKeyDown={(event) => {
              if (active && event.key === 'Backspace') clear()
            }}
            className={clsx(
              'flex h-full items-center gap-1.5 px-2.5 whitespace-nowrap hover:bg-hover',
              active ? 'rounded-s-md pe-2' : 'rounded-md',
            )}
          >
            {name}
            {active ? (
              <strong className="max-w-56 truncate font-semibold" dir="auto">
                {text}
              </strong>
            ) : (
              <ChevronDown size={14} className="text-dim" aria-hidden />
            )}
          </button>
        }
      />
      {active && (
        <button
          type="button"
          aria-label={t.filter.remove(name)}
          onClick={clear}
          className="grid h-full w-7 place-items-center rounded-e-md border-s border-accent/45 hover:bg-hover max-md:w-9"
        >
          <X size={13} aria-hidden />
        </button>
      )}
    </span>
  )
}

/** The filters in force as chips, and how to add to them: on several lines where they have to, or scrolled sideways. */
export function Chips({
  filters,
  implied,
  label,
  set,
  clear,
  open,
  onOpen,
  textBox,
  wraps,
  narrow,
  children,
}: {
  filters: Filters
  /** The category that holds without standing in the address; nothing when the title says it. */
  implied: string | undefined
  label: (facet: Facet, value: string) => string
  set: (change: Change) => void
  /** Takes all filters away; nothing when there are none. */
  clear: (() => void) | undefined
  /** The chip whose values are being chosen: kept above, since each choice is a list of its own. */
  open: Facet | undefined
  onOpen: (facet: Facet | undefined) => void
  textBox: Ref<HTMLInputElement>
  /** Whether there is room for several lines; else they are scrolled. */
  wraps: boolean
  /** Beside a preview. */
  narrow: boolean
  children?: ReactNode
}) {
  const labels = (facet: Facet): string[] => {
    const values = valuesOf(filters, facet).map((value) => label(facet, value))
    const category = facet === 'status' && !values.length ? (filters.category ?? implied) : undefined
    return category && category !== 'all' ? [(t.category as Record<string, string>)[category] ?? category] : values
  }
  const shown = FACETS.filter((facet) => OFFERED.includes(facet) || labels(facet).length || facet === open)
  // What is in force comes first, where it is seen.
  const ordered = [...shown.filter((facet) => labels(facet).length), ...shown.filter((facet) => !labels(facet).length)]
  // It takes away what is out of sight as well, and so does not scroll with it.
  const clearing = clear && (
    <Button className="shrink-0 text-dim" onClick={clear}>
      <ListFilter size={14} aria-hidden /> <span className={clsx(!wraps && 'sr-only')}>{t.filter.clear}</span>
    </Button>
  )
  const bar = (
    <div
      role="group"
      aria-label={t.filter.bar}
      className={clsx(
        'flex min-w-0 flex-1 items-center gap-1.5 px-1 py-1',
        wraps ? 'flex-wrap' : 'overflow-x-auto [scrollbar-width:none]',
      )}
    >
      <FilterBox ref={textBox} value={filters.q ?? ''} onChange={(q) => set({ q })} />
      {ordered.map((facet) => (
        <Chip
          key={facet}
          facet={facet}
          filters={filters}
          labels={labels(facet)}
          set={set}
          open={facet === open}
          spare={narrow && facet !== open && labels(facet).length === 0}
          onOpen={(yes) => onOpen(yes ? facet : undefined)}
        />
      ))}
      <Picker
        label={t.filter.add}
        options={FACETS.filter((facet) => !shown.includes(facet) || (narrow && labels(facet).length === 0)).map(
          (facet) => ({
            key: facet,
            label: t.facet[facet],
          }),
        )}
        onPick={({ key }) => onOpen(key as Facet)}
        trigger={
          <Button aria-label={t.filter.add} className="px-1.5 text-dim max-md:h-8 max-md:w-9">
            <Plus size={15} aria-hidden />
          </Button>
        }
      />
      {wraps && clearing}
      {children}
    </div>
  )
  return (
    <>
      {bar}
      {!wraps && clearing}
    </>
  )
}
