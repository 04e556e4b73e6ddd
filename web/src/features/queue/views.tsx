/** The lists that every desk has, with their keys and titles. */
import { CircleUser, Hourglass, Inbox, Pause, Star, UserX } from 'lucide-react'
import type { ReactNode } from 'react'
import { FACETS, type Facet, type Filters, valuesOf } from './filters'
import type { List } from './list'
import { t } from './messages'

interface BuiltIn {
  /** As the counts name it. */
  key: keyof typeof t.builtIn
  label: string
  icon: ReactNode
  filters: Filters
  keys: string
}

export const VIEWS: BuiltIn[] = [
  { key: 'mine', label: t.builtIn.mine, icon: <CircleUser size={16} />, filters: { assignee: 'me' }, keys: 'g m' },
  { key: 'active', label: t.builtIn.active, icon: <Inbox size={16} />, filters: {}, keys: 'g a' },
  {
    key: 'unassigned',
    label: t.builtIn.unassigned,
    icon: <UserX size={16} />,
    filters: { assignee: 'none' },
    keys: 'g u',
  },
  {
    key: 'waiting',
    label: t.builtIn.waiting,
    icon: <Hourglass size={16} />,
    filters: { category: 'pending' },
    keys: 'g w',
  },
  {
    key: 'on_hold',
    label: t.builtIn.on_hold,
    icon: <Pause size={16} />,
    filters: { category: 'on_hold' },
    keys: 'g h',
  },
  { key: 'all', label: t.builtIn.all, icon: <Star size={16} />, filters: { category: 'all' }, keys: 'g e' },
]

/** What narrows a list: not its order, groups and columns. */
const narrowed = ({ sort: _, group: __, columns: ___, edited: ____, ...filters }: Filters) => filters

const same = (one: Filters, other: Filters) =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())

/** The list of the desk that these filters are, whatever their order. */
export const builtInOf = (filters: Filters) => VIEWS.find((view) => same(view.filters, narrowed(filters)))

/** What a list is called: its view's name, or what it is narrowed by when that is one thing. */
export function titleOf({ view, filters }: List, label: (facet: Facet, value: string) => string): string {
  if (view) return view.name
  const own = builtInOf(filters)
  if (own) return own.label
  const { q, category, ...rest } = narrowed(filters)
  const [facet, ...more] = FACETS.filter((each) => rest[each])
  if (facet && !more.length && !q && !category)
    return facet === 'created' || facet === 'updated'
      ? `${t.facet[facet]} ${label(facet, rest[facet] ?? '')}`
      : valuesOf(filters, facet)
          .map((value) => label(facet, value))
          .join(', ')
  if (!facet && !q && category) return (t.category as Record<string, string>)[category] ?? category
  return t.filtered
}
