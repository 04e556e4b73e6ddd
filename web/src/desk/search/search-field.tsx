/**
 * The field of a search: filters that are complete stand as pills before the text, completions follow the caret, and
 * what the API does not understand is marked where it stands.
 */
import clsx from 'clsx'
import { CircleHelp, Search, X } from 'lucide-react'
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { Kbd } from '@/components/ui/kbd'
import { MAC } from '@/lib/mac'
import { number } from '@/lib/messages'
import { t } from './messages'
import { absorb, type Draft } from './tokens'
import { accept, type Completion, useCompletions } from './use-completions'

export function SearchField({
  draft,
  caret,
  wrong,
  describedBy,
  onChange,
  onEnter,
  onDown,
  onEscape,
  onHelp,
  autoFocus = false,
}: {
  draft: Draft
  caret: number | null
  /** The pills that the API does not understand; `null` among them: the text. */
  wrong: (number | null)[]
  describedBy?: string | undefined
  onChange: (draft: Draft, caret: number | null) => void
  onEnter: () => void
  /** ↓ without completions: to the results. */
  onDown: () => void
  onEscape: () => void
  onHelp?: () => void
  autoFocus?: boolean
}) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [focused, setFocused] = useState(false)
  const [dismissed, setDismissed] = useState(false)
  /** The pills are selected together with the text. */
  const [all, setAll] = useState(false)
  const [active, setActive] = useState<number | null>(null)
  const completions = useCompletions(draft.text, focused && !dismissed ? caret : null)
  const open = completions.length > 0
  const chosen = active === null ? undefined : completions[Math.min(active, completions.length - 1)]
  // Where the caret has to be after a change that was not typed.
  const wanted = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (wanted.current === null) return
    input.current?.setSelectionRange(wanted.current, wanted.current)
    wanted.current = null
  })

  const change = (text: string, place: number) => {
    const next = absorb({ pills: all ? [] : draft.pills, text }, place)
    if (next.text !== text || place !== input.current?.selectionStart) wanted.current = next.caret
    setActive(null)
    setAll(false)
    setDismissed(false)
    onChange({ pills: next.pills, text: next.text }, next.caret)
  }
  const take = (completion: Completion) => {
    const next = accept(draft.text, completion)
    change(next.text, next.caret)
    input.current?.focus()
  }
  /** The pill becomes text again, the caret behind it. */
  const open_ = (index: number) => {
    const pill = draft.pills[index]
    if (pill === undefined) return
    const text = `${pill}${draft.text && !draft.text.startsWith(' ') ? ' ' : ''}${draft.text}`
    wanted.current = pill.length
    setDismissed(false)
    setActive(null)
    input.current?.focus()
    onChange({ pills: draft.pills.filter((_, each) => each !== index), text }, pill.length)
  }
  const remove = (index: number) => {
    onChange({ pills: draft.pills.filter((_, each) => each !== index), text: draft.text }, caret)
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key } = event
    if (event.nativeEvent.isComposing) return
    if (MAC ? event.metaKey : event.ctrlKey && !event.altKey) {
      const letter = key.toLowerCase()
      if (letter === 'a') return setAll(draft.pills.length > 0)
      // Copied or cut below, or written over; any other act is one of the text alone.
      if (key.length === 1 && !['c', 'v', 'x'].includes(letter)) setAll(false)
    }
    if (all && (key === 'Backspace' || key === 'Delete')) {
      event.preventDefault()
      return change('', 0)
    }
    // A letter takes the place of all that is selected; an arrow ends the selection.
    if (key.length > 1 && !['Control', 'Meta', 'Shift', 'Alt'].includes(key)) setAll(false)
    if ((key === 'ArrowDown' || key === 'ArrowUp') && !event.altKey) {
      event.preventDefault()
      if (!open) {
        if (key === 'ArrowDown') onDown()
        return
      }
      const step = key === 'ArrowDown' ? 1 : -1
      setActive(((active ?? (step > 0 ? -1 : 0)) + step + completions.length) % completions.length)
    } else if (key === 'Tab' && !event.shiftKey && open) {
      event.preventDefault()
      take(chosen ?? (completions[0] as Completion))
    } else if (key === 'Enter') {
      event.preventDefault()
      if (chosen) take(chosen)
      else {
        setDismissed(true)
        onEnter()
      }
    } else if (key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      if (open) setDismissed(true)
      else onEscape()
    } else if (
      key === 'Backspace' &&
      input.current?.selectionStart === 0 &&
      input.current.selectionEnd === 0 &&
      draft.pills.length
    ) {
      event.preventDefault()
      open_(draft.pills.length - 1)
    }
  }
  /** With the pills, which the browser knows nothing of. */
  const takeAll = (event: ClipboardEvent) => {
    if (!all) return false
    event.preventDefault()
    event.clipboardData.setData('text/plain', [...draft.pills, draft.text].join(' ').trim())
    return true
  }
  const follow = () => {
    const place = input.current?.selectionStart ?? null
    if (place !== caret) onChange(draft, place)
  }
  return (
    <div className="relative">
      <div
        className={clsx(
          'flex min-h-11 flex-wrap items-center gap-x-1.5 gap-y-1 rounded-lg border bg-canvas py-1 ps-3 pe-1.5',
          focused ? 'border-accent ring-2 ring-accent/25' : 'border-line',
        )}
      >
        <Search size={17} className="shrink-0 text-dim" aria-hidden />
        {draft.pills.map((pill, index) => (
          <Pill
            // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may stand twice
            key={`${index}${pill}`}
            text={pill}
            wrong={wrong.includes(index)}
            selected={all}
            onOpen={() => open_(index)}
            onRemove={() => remove(index)}
          />
        ))}
        <input
          ref={input}
          // biome-ignore lint/a11y/noAutofocus: the page and the palette are there to be typed into
          autoFocus={autoFocus}
          role="combobox"
          aria-label={t.field}
          aria-expanded={open}
          aria-controls={open ? `${id}-list` : undefined}
          aria-autocomplete="list"
          aria-activedescendant={chosen ? `${id}-${completions.indexOf(chosen)}` : undefined}
          aria-invalid={wrong.length > 0}
          aria-describedby={describedBy}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          dir="auto"
          placeholder={draft.pills.length ? '' : t.placeholder}
          className="h-8 min-w-[9ch] flex-1 bg-transparent text-[15px] outline-none placeholder:text-dim max-md:text-[16px]"
          value={draft.text}
          onChange={(event) => change(event.target.value, event.target.selectionStart ?? event.target.value.length)}
          onKeyDown={onKeyDown}
          onSelect={follow}
          onCopy={takeAll}
          onCut={(event) => takeAll(event) && change('', 0)}
          onPointerDown={() => setAll(false)}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false)
            setActive(null)
            setAll(false)
          }}
        />
        {(draft.pills.length > 0 || draft.text) && (
          <IconButton
            label={t.clear}
            onClick={() => {
              onChange({ pills: [], text: '' }, 0)
              input.current?.focus()
            }}
          >
            <X size={16} />
          </IconButton>
        )}
        {onHelp && (
          <IconButton label={t.help} onClick={onHelp}>
            <CircleHelp size={16} />
          </IconButton>
        )}
      </div>
      {open && (
        <div className="absolute inset-x-0 top-full z-30 mt-1 max-w-[420px] rounded-lg border border-line bg-raised p-1 shadow-lg sm:start-9 sm:end-auto sm:w-[380px]">
          <p className="px-2 pt-1 pb-1 text-[12px] text-dim" aria-hidden>
            {t.narrowBy}
          </p>
          <div id={`${id}-list`} role="listbox" aria-label={t.completions}>
            {completions.map((completion, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
              <div
                key={completion.key}
                id={`${id}-${index}`}
                role="option"
                aria-selected={completion === chosen}
                // The field keeps the focus.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(completion)}
                className={clsx(
                  'flex min-h-8 items-center gap-2 rounded px-2 max-md:min-h-11',
                  completion === (chosen ?? completions[0]) ? 'bg-chosen' : 'hover:bg-hover',
                )}
              >
                {completion.icon && (
                  <span aria-hidden className="grid w-5 shrink-0 place-items-center">
                    {completion.icon}
                  </span>
                )}
                <span className="shrink-0 font-medium" dir="auto">
                  {completion.label}
                </span>
                {completion.hint && (
                  <span className="min-w-0 truncate text-dim" dir="auto">
                    {completion.hint}
                  </span>
                )}
                <span className="flex-1" />
                {completion.count !== undefined && <span className="text-dim">{number(completion.count)}</span>}
                {completion === (chosen ?? completions[0]) && (
                  <span aria-hidden>
                    <Kbd>Tab</Kbd>
                  </span>
                )}
              </div>
            ))}
          </div>
        </div>
      )}
    </div>
  )
}

const IconButton = ({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    className="grid size-8 shrink-0 place-items-center rounded-md text-dim hover:bg-hover max-md:size-11"
    onClick={onClick}
  >
    {children}
  </button>
)

/** A filter that was understood. */
function Pill({
  text,
  wrong,
  selected,
  onOpen,
  onRemove,
}: {
  text: string
  wrong: boolean
  selected: boolean
  onOpen: () => void
  onRemove: () => void
}) {
  const head = /^-?[\w.]+(:[<>]=?|[<>]=?|:)/.exec(text)?.[0] ?? ''
  return (
    <span
      className={clsx(
        'inline-flex h-7 max-w-full items-center rounded-md max-md:h-9',
        wrong ? 'bg-danger-soft text-danger' : 'bg-accent-soft',
        selected && 'ring-2 ring-accent',
      )}
    >
      <button
        type="button"
        className="h-full min-w-0 truncate rounded-md ps-2 pe-1"
        aria-label={t.pill(text)}
        onClick={onOpen}
      >
        <span className={clsx(!wrong && 'text-accent')}>{head}</span>
        <bdi>{text.slice(head.length)}</bdi>
      </button>
      <button
        type="button"
        className="grid h-full w-6 shrink-0 place-items-center rounded-md hover:bg-hover max-md:w-9"
        aria-label={t.removePill(text)}
        onClick={onRemove}
      >
        <X size={13} />
      </button>
    </span>
  )
}
