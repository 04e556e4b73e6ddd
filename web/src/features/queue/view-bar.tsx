import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import { useSaveView } from '@/desk/change-views'
import { useCommands } from '@/desk/commands'
import { statusesQuery, teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { tellRefusal } from '@/desk/offered-act'
import { mayChange, type ViewBody, viewsQuery } from '@/desk/views'
import { DEFAULT_COLUMNS } from './columns'
import { conditionsOf } from './conditions'
import { isNarrowed, valuesOf } from './filters'
import type { List } from './list'
import { t } from './messages'
import { ViewDialog } from './parts'

/** What a view of this list would be saved as. */
function useBody(list: List, names: ReadonlyMap<string, string>): ViewBody {
  const { data: statuses } = useQuery(statusesQuery)
  const { data: teams } = useQuery(teamsQuery)
  const { filters, opaque, view } = list
  const desk = { statuses: statuses?.items ?? [], teams: teams?.items ?? [], names }
  return {
    conditions: conditionsOf(filters, desk, opaque ? view?.conditions : undefined),
    columns: filters.columns?.split(',').filter(Boolean) ?? DEFAULT_COLUMNS,
    sort: filters.sort ?? '-updated_at',
    group_by: filters.group ?? null,
  }
}

/** Whoever has no address, or is not read yet, and an external id cannot be said in the conditions of a view. */
const isSayable = ({ filters }: List, names: ReadonlyMap<string, string>) =>
  !filters.external_id &&
  (['requester', 'organization'] as const).every((facet) =>
    valuesOf(filters, facet).every((id) => names.has(`${facet}-${id}`)),
  )

/** Nothing of a view is saved silently: what was changed is told, and kept, kept under another name, or dropped. */
export function ViewBar({ list, names }: { list: List; names: ReadonlyMap<string, string> }) {
  const navigate = useNavigate()
  const { data: me } = useQuery(meQuery)
  const { data: teams } = useQuery(teamsQuery)
  const { data: views } = useQuery(viewsQuery)
  const [naming, setNaming] = useState(false)
  const save = useSaveView()
  const body = useBody(list, names)
  const { view, edited, filters } = list
  const sayable = isSayable(list, names)
  const why = sayable ? undefined : t.edited.unsayable
  const shaped = isNarrowed(filters) || Boolean(filters.sort || filters.group || filters.columns)
  const open = (id: number) => navigate({ to: '/', search: { view: String(id) } })
  const last = Math.max(0, ...(views?.items ?? []).map(({ position }) => position))
  useCommands(
    (!view || edited) && sayable
      ? [{ keys: 'S', label: t.keys.saveView, group: 'Actions', run: () => setNaming(true) }]
      : [],
  )
  if (view ? !edited : !shaped) return null
  const keep = (): void => {
    if (!view) return
    save.mutate(
      { view, body, text: t.edited.saved(view.name) },
      {
        onSuccess: (saved) => open(saved.id),
        onError: (error) => tellRefusal(t.edited.saved(view.name), error, keep),
      },
    )
  }
  return (
    <span className="flex items-center gap-0.5 border-s border-line ps-2 max-md:border-0 max-md:ps-0">
      {view && <span className="pe-1 text-dim">{t.edited.label}</span>}
      {view && mayChange(view, me, teams?.items ?? []) && (
        <Button className="px-1.5 text-accent" disabled={save.isPending || !sayable} title={why} onClick={keep}>
          {t.edited.save}
        </Button>
      )}
      <Button className="px-1.5 text-accent" disabled={!sayable} title={why} onClick={() => setNaming(true)}>
        {t.edited.saveAs}
      </Button>
      {view && (
        <Button className="px-1.5 text-dim" onClick={() => open(view.id)}>
          {t.edited.reset}
        </Button>
      )}
      <LazyOverlay
        part={ViewDialog}
        open={naming}
        body={{ ...body, position: last + 1 }}
        name={view?.name}
        onClose={() => setNaming(false)}
        onGone={() => void navigate({ to: '/', search: filters })}
        onSaved={(saved) => {
          setNaming(false)
          open(saved.id)
        }}
      />
    </span>
  )
}
