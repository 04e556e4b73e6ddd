/** Which list a queue shows: filters of its own, a saved view as it is, or a view with something changed. */
import type { Schemas } from '@/lib/api/client'
import { type Change, type Filters, type ListQuery, narrowing, toQuery, withFilters } from './filters'

export type View = Schemas['View']

export interface List {
  view: View | undefined
  /** The filters, the order, the groups and the columns in force. */
  filters: Filters
  /** The view's conditions say more than filters can: these filters come on top of them. */
  opaque: boolean
  edited: boolean
}

const savedIn = (view: View): Filters => ({
  sort: view.sort,
  ...(view.group_by ? { group: view.group_by } : {}),
  columns: view.columns.join(','),
})

/** `saved`: the view's conditions as filters, when they can be said so. */
export function listOf(search: Filters, view: View | undefined, saved: Filters | undefined): List {
  const { view: _, edited, ...own } = search
  if (!view) return { view: undefined, filters: own, opaque: false, edited: false }
  const isEdited = edited !== undefined
  return {
    view,
    filters: isEdited ? own : { ...saved, ...savedIn(view) },
    opaque: saved === undefined,
    edited: isEdited,
  }
}

/** The address of the same list with something changed. A view that is changed stays open, as edited. */
export function changed(list: List, change: Change): Filters {
  const next = withFilters(list.filters, change)
  return list.view ? { view: String(list.view.id), edited: '1', ...next } : next
}

/** What the API is asked for: the tickets of a view, narrowed, or those of a filter. */
export interface Source {
  view: number | undefined
  query: ListQuery
}

/** Whether the list is the view's own, on top of which filters come. */
const ofView = ({ view, opaque, edited }: List) => view !== undefined && (opaque || !edited)

export function sourceOf(list: List): Source {
  if (!list.view || !ofView(list)) return { view: undefined, query: toQuery(list.filters) }
  if (!list.edited) return { view: list.view.id, query: {} }
  // An order or groups that were taken away, the view has still.
  return { view: list.view.id, query: { group_by: '', ...toQuery(list.filters, true) } }
}

/** The same without order and pages: what is counted, and what a bulk job is about. */
export function selectionOf(list: List): Source {
  if (!list.view || !ofView(list)) return { view: undefined, query: narrowing(list.filters) }
  return { view: list.view.id, query: list.edited ? narrowing(list.filters, true) : {} }
}
