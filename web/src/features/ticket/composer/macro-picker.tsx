import { useQuery } from '@tanstack/react-query'
import { Plus, SquarePen, Zap } from 'lucide-react'
import { matchSorter } from 'match-sorter'
import { type MouseEvent, useEffect, useId, useImperativeHandle, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { teamsQuery } from '@/desk/config'
import type { ListProps } from '@/desk/editor/suggest'
import { type Macro, macrosQuery } from '@/desk/macros'
import { meQuery } from '@/desk/me'
import type { Ticket } from '@/desk/tickets'
import { keepClear } from '@/lib/keep-clear'
import { MAC } from '@/lib/mac'
import { useDebounced } from '@/lib/use-debounced'
import { Preview } from './macro-preview'
import { type MacroPreview, macroPreviewQuery, useMacroFailure, writtenBy } from './macros'
import { t } from './messages'

// The editor keeps the focus: without it the list closes before its button is pressed.
const keepFocus = (event: MouseEvent) => event.preventDefault()

export interface ChosenMacro {
  macro: Macro
  preview: MacroPreview
  written: ReturnType<typeof writtenBy>
  textOnly: boolean
}

/** The macros that fit what is typed after `/`, and what the one at the cursor would do. The editor keeps the focus. */
export default function MacroPicker({
  ref,
  ticket,
  query,
  onChosen,
  onPick,
  onLeft,
  onActive,
  onNew,
  onEdit,
}: Pick<ListProps, 'ref' | 'query' | 'onActive'> & {
  ticket: Ticket
  /** One is chosen; `onPick` follows as soon as the desk has said what it would do, or `onLeft` where it does not. */
  onChosen: () => void
  onPick: (chosen: ChosenMacro) => void
  onLeft: () => void
  /** Makes one. */
  onNew: () => void
  /** Changes one of one's own. */
  onEdit: (macro: Macro) => void
}) {
  const id = useId()
  const { data: macros, error: failed, refetch } = useQuery(macrosQuery)
  const { data: teams } = useQuery(teamsQuery)
  const { data: me } = useQuery(meQuery)
  const [cursor, setCursor] = useState(0)
  const [picking, setPicking] = useState<{ macro: Macro; textOnly: boolean } | null>(null)
  const wanted = query.trim()
  const found = wanted
    ? matchSorter(macros ?? [], wanted, {
        keys: ['name', { key: 'description', threshold: matchSorter.rankings.WORD_STARTS_WITH }],
        threshold: matchSorter.rankings.CONTAINS,
      })
    : (macros ?? [])
  const at = Math.min(cursor, found.length - 1)
  const current = found[at]
  // Whoever runs down the list asks for the one they stop at.
  const shown = useDebounced(current, 80)
  const asked = picking?.macro ?? shown
  const preview = useQuery({
    ...macroPreviewQuery(ticket.id, ticket.version, asked?.id ?? 0),
    enabled: asked !== undefined,
  })
  const tellFailure = useMacroFailure()
  // Where the list goes before the macro that was chosen is there.
  const left = useRef<() => void>(undefined)
  const choose = (macro: Macro, textOnly: boolean) => {
    if (picking?.macro.id === macro.id) return
    left.current = onLeft
    onChosen()
    setPicking({ macro, textOnly })
    // What could not be looked up is tried again.
    if (preview.error && macro.id === asked?.id) void preview.refetch()
  }
  const own = current?.scope === 'private' && current.owner_id === me?.id ? current : undefined
  const fits = preview.data?.macro === asked?.id
  const written = asked && preview.data && fits ? writtenBy(asked, preview.data) : null
  // Chosen before its preview has come: applied as soon as it is there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when one of both arrives
  useEffect(() => {
    if (!picking || !preview.data || !fits || picking.macro.id !== asked?.id) return
    left.current = undefined
    onPick({ macro: picking.macro, preview: preview.data, written, textOnly: picking.textOnly })
  }, [picking, preview.data])
  // Chosen, and the desk would refuse it: said once for each time it is chosen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: how it is told is no reason to tell it again
  useEffect(() => {
    if (!picking || !preview.error || preview.isFetching || picking.macro.id !== asked?.id) return
    setPicking(null)
    left.current = undefined
    onLeft()
    void tellFailure(picking.macro, preview.error)
  }, [picking, preview.error, preview.isFetching, asked])
  useEffect(() => () => left.current?.(), [])
  useEffect(() => {
    onActive(`${id}-list`, current && `${id}-${current.id}`)
    if (current) document.getElementById(`${id}-${current.id}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, current, onActive])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another word begins at its best match
  useEffect(() => setCursor(0), [wanted])
  useImperativeHandle(ref, () => ({
    away: macros !== undefined && !found.length,
    press: (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step && found.length) setCursor((at + step + found.length) % found.length)
      else if ((event.key === 'Enter' || event.key === 'Tab') && current && !event.ctrlKey && !event.metaKey)
        choose(current, event.altKey)
      else if (event.key === 'F2' && own) onEdit(own)
      else return false
      return true
    },
  }))
  // Words that fit no macro are words: the list goes out of the way.
  if (macros && !found.length && (wanted || macros.length)) return null
  const hint = (macro: Macro) =>
    macro.scope === 'private'
      ? t.yours
      : macro.scope === 'team'
        ? (teams?.items.find((team) => team.id === macro.team_id)?.name ?? '')
        : macro.uses > 0
          ? t.uses(macro.uses)
          : ''
  return (
    <div
      ref={keepClear}
      className="absolute inset-x-0 bottom-full z-30 mb-1 flex max-h-[min(340px,60vh)] w-[640px] max-w-full overflow-hidden rounded-[10px] border border-line bg-raised shadow-pop one-scroll:inset-x-2 one-scroll:bottom-[60px] one-scroll:mb-2 one-scroll:max-h-[52%] one-scroll:w-auto one-scroll:flex-col low:top-1 low:mb-0 low:max-h-none low-wide:flex-row"
    >
      <div className="flex min-h-0 w-[272px] shrink-0 flex-col one-scroll:w-full one-scroll:shrink low-narrow:flex-1 low-wide:w-[272px] low-wide:shrink-0">
        <div className="flex h-8 shrink-0 items-center justify-between px-3 text-[12px] text-dim one-scroll:h-11">
          {t.macros}
          {macros && macros.length > 0 && (
            <span className="flex items-center gap-1.5">
              {t.macroCount(found.length, macros.length)}
              {own && (
                <button
                  type="button"
                  aria-label={t.editNamed(own.name)}
                  title={t.newMacro.edit}
                  className="grid size-6 place-items-center rounded hover:bg-hover max-md:size-11"
                  onMouseDown={keepFocus}
                  onClick={() => onEdit(own)}
                >
                  <SquarePen size={13} aria-hidden />
                </button>
              )}
              <button
                type="button"
                aria-label={t.newMacro.title}
                title={t.newMacro.title}
                className="grid size-6 place-items-center rounded hover:bg-hover max-md:size-11"
                onMouseDown={keepFocus}
                onClick={onNew}
              >
                <Plus size={14} aria-hidden />
              </button>
            </span>
          )}
        </div>
        {failed ? (
          <div role="alert" className="px-3 py-2">
            <p>{t.macrosFailed}</p>
            <Button variant="chip" className="mt-2" onMouseDown={keepFocus} onClick={() => refetch()}>
              {t.retry}
            </Button>
          </div>
        ) : macros?.length === 0 ? (
          <div className="px-3 py-2">
            <p>{t.noMacros}</p>
            <p className="mt-1 text-[12px] text-dim">{t.noMacrosText}</p>
            <Button variant="chip" className="mt-2 max-md:h-11" onMouseDown={keepFocus} onClick={onNew}>
              <Plus size={14} aria-hidden /> {t.newMacro.title}
            </Button>
          </div>
        ) : (
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={t.macros}
            // What scrolls can be reached; the editor keeps the keyboard all the same.
            tabIndex={0}
            onMouseDown={keepFocus}
            className="min-h-0 flex-1 overflow-auto px-1 pb-1"
          >
            {found.map((macro, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the editor has the keys
              <div
                key={macro.id}
                id={`${id}-${macro.id}`}
                role="option"
                aria-selected={index === at}
                className="flex h-8 items-center gap-2.5 rounded-md px-2 aria-selected:bg-accent-soft max-md:h-11"
                onMouseMove={() => setCursor(index)}
                // The editor keeps the focus, and the place of the text.
                onMouseDown={(event) => event.preventDefault()}
                onClick={(event) => choose(macro, event.altKey)}
              >
                <Zap size={14} className="shrink-0 text-accent" aria-hidden />
                <span dir="auto" className="min-w-0 flex-1 truncate">
                  {macro.name}
                </span>
                <span className="shrink-0 text-[12px] text-dim">
                  {picking?.macro.id === macro.id ? t.applying : hint(macro)}
                </span>
              </div>
            ))}
          </div>
        )}
        <div className="flex min-h-8 shrink-0 flex-wrap items-center gap-x-2.5 gap-y-1 border-t py-1 border-line bg-panel px-3 text-[12px] whitespace-nowrap text-dim one-scroll:hidden">
          <span className="flex items-center gap-1">
            <Kbd>↑</Kbd> <Kbd>↓</Kbd> {t.choose}
          </span>
          <span className="flex items-center gap-1">
            <Kbd>↵</Kbd> {t.apply}
          </span>
          <span className="flex items-center gap-1">
            <Kbd>{MAC ? '⌥↵' : 'Alt ↵'}</Kbd> {t.textOnly}
          </span>
          {own && (
            <span className="flex items-center gap-1">
              <Kbd>F2</Kbd> {t.editMacro}
            </span>
          )}
        </div>
      </div>
      <div
        role="region"
        aria-live="polite"
        aria-label={t.wouldHappen}
        // What scrolls can be reached.
        tabIndex={0}
        onMouseDown={keepFocus}
        className="min-h-0 min-w-0 flex-1 overflow-auto border-s border-line p-3.5 one-scroll:border-s-0 one-scroll:border-t low-narrow:hidden low-wide:border-s low-wide:border-t-0"
      >
        {current && <Preview preview={fits ? preview.data : undefined} written={written} error={preview.error} />}
      </div>
    </div>
  )
}
