import { FilterX } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { problemsOf } from '@/lib/api/client'
import { type Change, FACETS, type Facet, type Filters } from './filters'
import { t } from './messages'

/** Parameters of the API by the keys of the address. */
const KEYS: Record<string, keyof Filters> = {
  ...Object.fromEntries(FACETS.map((facet) => [facet, facet])),
  created_after: 'created',
  updated_after: 'updated',
  status_category: 'category',
  q: 'q',
  sort: 'sort',
  group_by: 'group',
  custom: 'columns',
}

const named = (key: keyof Filters): string =>
  (t.facet as Record<string, string>)[key] ?? (t.filter.parts as Record<string, string>)[key] ?? key

/** The filters of this address that the API does not understand; none when it failed for another reason. */
export const notUnderstood = (error: unknown) => [
  ...new Set(problemsOf(error).flatMap(({ path }) => KEYS[path.split(/[.[]/)[0] ?? ''] ?? [])),
]

/** In place of the rows: which filter the API does not understand, and the way on without it. */
export function FilterProblem({
  keys,
  filters,
  set,
}: {
  keys: (keyof Filters)[]
  filters: Filters
  set: (change: Change) => void
}) {
  return (
    <div role="alert" className="grid flex-1 place-content-center justify-items-center gap-1 px-6 py-12 text-center">
      <span aria-hidden className="mb-2 grid size-11 place-items-center rounded-full bg-hover text-dim">
        <FilterX size={20} />
      </span>
      {keys.map((key) => (
        <p key={key} className="font-medium [overflow-wrap:anywhere]">
          {t.filter.notUnderstood(named(key as Facet), filters[key] ?? '')}
        </p>
      ))}
      <Button
        variant="chip"
        className="mt-3"
        onClick={() => set(Object.fromEntries(keys.map((key) => [key, undefined])))}
      >
        {t.filter.drop(keys.length)}
      </Button>
    </div>
  )
}
