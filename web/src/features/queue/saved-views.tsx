import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Ellipsis, Globe, Layers, Lock, Users } from 'lucide-react'
import { type DragEvent, useState } from 'react'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import { Menu } from '@/components/ui/menu'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { teamsQuery } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { offerUndo, withUndo } from '@/desk/undo'
import { bodyOf, mayChange, useDeleteView, useSaveView, type View, viewCountsQuery, viewsQuery } from '@/desk/views'
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
  const { data: views } = useQuery(viewsQuery)
  const { data: counts } = useQuery(viewCountsQuery)
  const { data: me } = useQuery(meQuery)
  const { data: teams } = useQuery(teamsQuery)
  const search = useSearch({ strict: false }) as { view?: string | number }
  const navigate = useNavigate()
  const [editing, setEditing] = useState<View>()
  const [dragged, setDragged] = useState<View>()
  const save = useSaveView()
  const remove = useDeleteView()
  const countOf = (id: number) => {
    const found = counts?.items.find((each) => each.id === id)
    return found && `${number(found.count)}${found.exact ? '' : '+'}`
  }
  /** Puts a view where another one of its section stands. */
  const place = (section: Section, view: View, at: number) => {
    const rest = section.views.filter(({ id }) => id !== view.id)
    rest.splice(at, 0, view)
    const first = Math.min(...section.views.map(({ position }) => position))
    const move = async () => {
      const moved: { before: View; after: View }[] = []
      for (const [index, before] of rest.entries())
        if (before.position !== first + index)
          moved.push({ before, after: await save.mutateAsync({ view: before, body: { position: first + index } }) })
      return moved
    }
    withUndo(move(), t.view.movedOne(view.name), async (moved) => {
      for (const { before, after } of moved)
        await save.mutateAsync({ view: after, body: { position: before.position } })
    }).catch((error: Error) => toast.error(t.view.moved, { description: told(error.message) }))
  }
  const erase = (view: View) =>
    withUndo(remove.mutateAsync(view), t.view.deleted(view.name), () => save.mutateAsync({ body: bodyOf(view) })).then(
      () => {
        if (String(search.view) === String(view.id)) navigate({ to: '/', search: {} })
      },
      (error: Error) => toast.error(t.view.notDeleted(view.name), { description: told(error.message) }),
    )
  return (
    <>
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
                        className="absolute end-1 top-1/2 grid size-6 -translate-y-1/2 place-items-center rounded bg-panel text-dim opacity-0 group-hover:opacity-100 hover:bg-hover focus-visible:opacity-100 data-popup-open:opacity-100 max-md:end-14 max-md:size-11 max-md:opacity-100"
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
        onSaved={(saved) => {
          setEditing(undefined)
          if (editing)
            offerUndo({
              text: t.edited.saved(saved.name),
              undo: () => save.mutateAsync({ view: saved, body: bodyOf(editing) }),
            })
        }}
      />
    </>
  )
}
