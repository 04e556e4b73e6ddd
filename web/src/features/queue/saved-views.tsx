import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Ellipsis, Globe, Layers, Lock, Users } from 'lucide-react'
import { type DragEvent, useState } from 'react'
import { ListFailed } from '@/components/picker/list-failed'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import { Menu } from '@/components/ui/menu'
import { useDeleteView, usePlaceViews } from '@/desk/change-views'
import { teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { tellRefusal } from '@/desk/offered-act'
import { mayChange, type View, viewCountsQuery, viewsQuery } from '@/desk/views'
import { number } from '@/lib/messages'
import { t } from './messages'
import { ViewDialog } from './parts'

interface Section {
  key: string
  label: string
  icon: typeof Lock
  views: View[]
}

/** Views by who sees them; a section without any is left out. */
function sectionsOf(views: View[]): Section[] {
  const active = views.filter((view) => view.active)
  const teams = new Map(active.flatMap((view) => (view.team ? [[view.team.id, view.team.name] as const] : [])))
  return [
    { key: 'private', label: t.header.private, icon: Lock, views: active.filter((v) => v.visibility === 'private') },
    ...[...teams].map(([id, name]) => ({
      key: `team-${id}`,
      label: t.header.team(name),
      icon: Users,
      views: active.filter((view) => view.team?.id === id),
    })),
    {
      key: 'everyone',
      label: t.header.everyone,
      icon: Globe,
      views: active.filter((v) => v.visibility === 'everyone'),
    },
  ].filter((section) => section.views.length)
}

/** The saved views in the pane of the inbox, with how many tickets each holds. */
export function SavedViews({ rowClass, countClass }: { rowClass: string; countClass: string }) {
  const { data: views, isError, refetch } = useQuery(viewsQuery)
  const { data: counts } = useQuery(viewCountsQuery)
  const { data: me } = useQuery(meQuery)
  const { data: teams } = useQuery(teamsQuery)
  const search = useSearch({ strict: false }) as { view?: string | number }
  const navigate = useNavigate()
  const client = useQueryClient()
  const [editing, setEditing] = useState<View>()
  const [dragged, setDragged] = useState<View>()
  const order = usePlaceViews()
  const remove = useDeleteView()
  const countOf = (id: number) => {
    const found = counts?.items.find((each) => each.id === id)
    return found && `${number(found.count)}${found.exact ? '' : '+'}`
  }
  /** Puts a view where another one of its section stands. */
  const place = (section: Section, view: View, at: number): void => {
    const rest = section.views.filter(({ id }) => id !== view.id)
    rest.splice(at, 0, view)
    const first = Math.min(...section.views.map(({ position }) => position))
    const places = rest
      .map((each, index) => ({ view: each, position: first + index }))
      .filter(({ view: each, position }) => each.position !== position)
    const text = t.view.placed(view.name)
    const again = () => {
      // As they are by now: some may have their new places already.
      const now = sectionsOf(client.getQueryData(viewsQuery.queryKey)?.items ?? []).find(
        ({ key }) => key === section.key,
      )
      const same = now?.views.find(({ id }) => id === view.id)
      if (now && same) place(now, same, at)
    }
    order.mutate({ places, text }, { onError: (error) => tellRefusal(text, error, again) })
  }
  const erase = (view: View): void => {
    const isOpen = String(search.view) === String(view.id)
    const text = t.view.deleted(view.name)
    const onBack = ({ id }: View) => isOpen && navigate({ to: '/', search: { view: String(id) } })
    remove.mutate(
      { view, text, onBack },
      {
        onSuccess: () => isOpen && navigate({ to: '/', search: {} }),
        onError: (error) => tellRefusal(text, error, () => erase(view)),
      },
    )
  }
  return (
    <>
      {isError && !views && (
        <section aria-label={t.header.saved}>
          <h2 className="px-2 pt-4 pb-1.5 text-[12px] font-medium text-dim">{t.header.saved}</h2>
          <ListFailed retry={() => void refetch()} />
        </section>
      )}
      {sectionsOf(views?.items ?? []).map((section) => (
        <section key={section.key} aria-label={section.label}>
          <h2 className="flex items-center gap-2 px-2 pt-4 pb-1.5 text-[12px] font-medium text-dim">
            <span className="flex-1 truncate" dir="auto">
              {section.label}
            </span>
            <section.icon size={13} aria-hidden />
          </h2>
          {section.views.map((view, at) => {
            const mine = mayChange(view, me, teams?.items ?? [])
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: the menu has the same for the keyboard
              <div
                key={view.id}
                className="group relative"
                draggable={mine}
                onDragStart={() => setDragged(view)}
                onDragOver={(event: DragEvent) => dragged && section.views.includes(dragged) && event.preventDefault()}
                onDrop={() => {
                  if (dragged && dragged.id !== view.id) place(section, dragged, at)
                  setDragged(undefined)
                }}
                onDragEnd={() => setDragged(undefined)}
              >
                <Link
                  to="/"
                  search={{ view: String(view.id) }}
                  draggable={false}
                  aria-current={String(search.view) === String(view.id) ? 'page' : undefined}
                  className={rowClass}
                >
                  <Layers size={15} className="shrink-0 text-dim" aria-hidden />
                  <span className="truncate" dir="auto">
                    {view.name}
                  </span>
                  <span className={countClass}>{countOf(view.id)}</span>
                </Link>
                {mine && (
                  <Menu
                    label={t.view.menu(view.name)}
                    trigger={
                      <button
                        type="button"
                        aria-label={t.view.menu(view.name)}
                        className="absolute end-1 top-1/2 grid size-6 -translate-y-1/2 place-items-center rounded bg-panel text-dim opacity-0 in-[.group:hover]:opacity-100 hover:bg-hover focus-visible:opacity-100 data-popup-open:opacity-100 max-md:end-14 max-md:size-11 max-md:opacity-100"
                      >
                        <Ellipsis size={15} aria-hidden />
                      </button>
                    }
                    items={[
                      { key: 'edit', label: t.view.edit, run: () => setEditing(view) },
                      ...(at > 0 ? [{ key: 'up', label: t.view.up, run: () => place(section, view, at - 1) }] : []),
                      ...(at < section.views.length - 1
                        ? [{ key: 'down', label: t.view.down, run: () => place(section, view, at + 1) }]
                        : []),
                      { key: 'delete', label: t.view.delete, run: () => erase(view) },
                    ]}
                  />
                )}
              </div>
            )
          })}
        </section>
      ))}
      <LazyOverlay
        part={ViewDialog}
        open={editing !== undefined}
        view={editing}
        onClose={() => setEditing(undefined)}
        onSaved={() => setEditing(undefined)}
      />
    </>
  )
}
