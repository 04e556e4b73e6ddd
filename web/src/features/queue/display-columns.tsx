import { ArrowDown, ArrowUp, GripVertical } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import { announce } from '@/components/ui/announcer'
import { Checkbox } from '@/components/ui/checkbox'
import { columnsOf, withColumn } from './columns'
import { t } from './messages'

const ROW = 'flex min-h-7 min-w-0 flex-1 items-center gap-2 max-md:min-h-11'
const STEP =
  'grid size-6 shrink-0 place-items-center rounded text-dim hover:bg-hover hover:text-ink disabled:opacity-30 max-md:size-11'

/**
 * The columns of a list: those that are shown in their order, which is changed by dragging, by Alt with the arrows or by
 * the buttons; and those that are not.
 */
export function DisplayColumns({
  columns,
  all,
  name,
  onChange,
}: {
  columns: string[]
  /** All there are, in their natural order. */
  all: string[]
  name: (key: string) => string
  onChange: (columns: string[]) => void
}) {
  const shown = columnsOf(columns)
  const [dragged, setDragged] = useState<string>()
  const move = (key: string, to: number) => {
    if (to < 0 || to >= shown.length || shown[to] === key) return
    onChange(shown.filter((each) => each !== key).toSpliced(to, 0, key))
    announce(t.display.moved(name(key), to + 1, shown.length))
  }
  const label = (key: string) => (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is one
    <label className={ROW}>
      <Checkbox
        checked={shown.includes(key)}
        // Without it a row says nothing.
        disabled={key === 'subject'}
        onChange={(event) =>
          onChange(event.target.checked ? withColumn(shown, key) : shown.filter((each) => each !== key))
        }
      />
      <span className="truncate" dir="auto">
        {name(key)}
      </span>
    </label>
  )
  return (
    <fieldset>
      <legend className="mb-1 text-[12px] text-dim">{t.display.columns}</legend>
      <ol aria-label={t.display.shown}>
        {shown.map((key, at) => (
          <li
            key={key}
            draggable
            className="flex items-center rounded hover:bg-hover"
            onDragStart={() => setDragged(key)}
            onDragEnd={() => setDragged(undefined)}
            onDragOver={(event: DragEvent) => dragged && event.preventDefault()}
            onDrop={() => dragged && move(dragged, at)}
            onKeyDown={(event: KeyboardEvent) => {
              const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
              if (!step || !event.altKey) return
              event.preventDefault()
              move(key, at + step)
            }}
          >
            <GripVertical size={14} className="me-1 shrink-0 cursor-grab text-dim max-md:hidden" aria-hidden />
            {label(key)}
            <button
              type="button"
              className={STEP}
              aria-label={t.display.up(name(key))}
              title={`${t.display.up(name(key))} (Alt ↑)`}
              disabled={at === 0}
              onClick={() => move(key, at - 1)}
            >
              <ArrowUp size={14} aria-hidden />
            </button>
            <button
              type="button"
              className={STEP}
              aria-label={t.display.down(name(key))}
              title={`${t.display.down(name(key))} (Alt ↓)`}
              disabled={at === shown.length - 1}
              onClick={() => move(key, at + 1)}
            >
              <ArrowDown size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ol>
      <div className="mt-1 grid grid-cols-2 gap-x-2 border-t border-line pt-1">
        {all
          .filter((key) => !shown.includes(key))
          .map((key) => (
            <div key={key} className="min-w-0">
              {label(key)}
            </div>
          ))}
      </div>
    </fieldset>
  )
}
