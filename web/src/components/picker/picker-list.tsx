import clsx from 'clsx'
import { Check, Plus } from 'lucide-react'
import { type ReactNode, type RefObject, useId, useLayoutEffect, useState } from 'react'
import { ListFailed } from './list-failed'
import { t } from './messages'
import { type Option, optionsFor } from './options'
import { isReading, type Read, retryOf } from './reads'

interface Props {
  label: string
  box: RefObject<HTMLInputElement | null>
  options: Option[]
  onPick: (option: Option) => void
  onDone: () => void
  several?: boolean
  onTyped?: ((text: string) => void) | undefined
  /** What the options are read by: while that is under way, or has failed, the list says so. */
  reads?: Read[]
  loading?: boolean
  onRetry?: (() => void) | undefined
  onCreate?: ((name: string) => void) | undefined
  asName?: (typed: string) => string
  footer?: ReactNode
}

// More are found by typing.
const MOST = 100
const CREATE = 'create'

/** What was chosen last of several: the page may be drawn anew by each choice, and this list with it. */
let last: { label: string; key: string } | undefined

/** The box and the list of a picker: the cursor moves by the arrows while the box keeps the focus. */
export function PickerList({
  label,
  box,
  options,
  onPick,
  onDone,
  several = false,
  onTyped,
  reads = [],
  loading = isReading(reads),
  onRetry = retryOf(reads),
  onCreate,
  asName = (typed) => typed.trim(),
  footer,
}: Props) {
  const id = useId()
  const [typed, setTyped] = useState('')
  // At once: what surrounds it gives it the focus a frame later, and the key after the one that opened it would be lost.
  useLayoutEffect(() => box.current?.focus({ preventScroll: true }), [box])
  const [cursor, setCursor] = useState<number | null>(() => {
    const place = several && last?.label === label ? options.findIndex(({ key }) => key === last?.key) : -1
    return place >= 0 ? place : null
  })
  const name = asName(typed)
  const fitting = optionsFor(options, typed)
  // What the API found by something that is not shown, or for the text before this one.
  const others = onTyped ? options.filter((option) => !fitting.includes(option)) : []
  const found = [...fitting, ...others].slice(0, MOST)
  const isNew = Boolean(onCreate && name) && !options.some((each) => each.label.toLowerCase() === name.toLowerCase())
  const shown: Option[] = isNew
    ? found.toSpliced(fitting.length, 0, { key: CREATE, label: t.create(name), icon: <Plus size={14} aria-hidden /> })
    : found
  // With nothing typed the cursor stands on what is chosen, so that Enter changes nothing by accident.
  const begin = typed || several ? 0 : shown.findIndex(({ chosen }) => chosen)
  const at = Math.min(cursor ?? Math.max(begin, 0), shown.length - 1)
  const choose = (option: Option | undefined) => {
    if (!option || option.disabled) return
    if (option.key === CREATE && isNew) onCreate?.(name)
    else onPick(option)
    setTyped('')
    onTyped?.('')
    // Whoever chooses several goes on from there.
    const place = options.findIndex(({ key }) => key === option.key)
    if (several) last = { label, key: option.key }
    setCursor(several && place >= 0 ? place : null)
    if (!several) onDone()
  }
  const move = (index: number) => {
    const next = (index + shown.length) % Math.max(shown.length, 1)
    setCursor(next)
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <>
      <input
        ref={box}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={shown.length ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder={t.find(label)}
        className="m-1 h-8 shrink-0 rounded-md bg-transparent px-2 outline-none placeholder:text-dim max-md:h-11 max-md:text-[16px]"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setCursor(null)
          onTyped?.(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(at + 1)
          else if (event.key === 'ArrowUp') move(at - 1)
          // What does not fit the text is never chosen unseen: the list may be about to change.
          else if (event.key === 'Enter' && (cursor !== null || !others.some((option) => option === shown[at])))
            choose(shown[at])
          else if (event.key !== 'Enter') return
          event.preventDefault()
        }}
      />
      <div className="flex min-h-0 flex-1 flex-col border-t border-line">
        {/* It scrolls itself: its box has the keyboard, which brings each option into sight. */}
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={label}
          aria-multiselectable={several}
          className="min-h-0 flex-1 overflow-auto p-1 empty:flex-none empty:p-0"
        >
          {shown.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keyboard
            <div
              key={option.key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={Boolean(option.chosen)}
              aria-disabled={option.disabled}
              tabIndex={-1}
              onMouseMove={() => index !== at && setCursor(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(option)}
              className={clsx(
                'flex min-h-7 items-center gap-2 rounded px-2 py-0.5 max-md:min-h-11',
                index === at && 'bg-hover',
                option.disabled && 'opacity-55',
              )}
            >
              {option.icon && (
                <span aria-hidden className="flex shrink-0">
                  {option.icon}
                </span>
              )}
              <span dir="auto" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                {option.label}
              </span>
              {option.hint && (
                <span dir="auto" className="max-w-[50%] truncate text-[12px] text-dim">
                  {option.hint}
                </span>
              )}
              {option.chosen && <Check size={14} className="shrink-0 text-accent" aria-hidden />}
            </div>
          ))}
        </div>
        {onRetry ? (
          <ListFailed retry={onRetry} />
        ) : (
          shown.length === 0 && (
            <p role="status" className="p-3 text-dim">
              {loading ? t.loading : t.none}
            </p>
          )
        )}
        {found.length === MOST && <p className="shrink-0 px-3 py-2 text-[12px] text-dim">{t.more}</p>}
      </div>
      {footer}
    </>
  )
}
