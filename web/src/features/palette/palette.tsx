import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { Search } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { DialogRoot } from '@/components/ui/dialog'
import { Kbd, keySign } from '@/components/ui/kbd'
import { Told } from '@/components/ui/told'
import { KINDS, type Kind } from '@/desk/search/kinds'
import { accept, type Completion, useCompletions } from '@/desk/search/use-completions'
import { number } from '@/lib/messages'
import { type Choice, type Group, useChoices } from './choices'
import { t } from './messages'

/** The command palette: actions, views, teams, tickets and customers, found by a few letters or by the search language. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  // A command that was run decides where the focus goes; only Escape brings it back.
  const chosen = useRef(false)
  return (
    <DialogRoot open={open} onClose={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          aria-label={t.title}
          finalFocus={() => !chosen.current}
          className="fixed inset-x-0 top-[14vh] z-50 mx-auto flex max-h-[64vh] w-[min(600px,92vw)] flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-2xl outline-none max-md:top-2 max-md:max-h-[calc(100dvh-16px)]"
        >
          <Choices
            run={(choice) => {
              chosen.current = true
              onClose()
              // After the dialog has given the keyboard back.
              setTimeout(() => {
                chosen.current = false
                choice.run()
              })
            }}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </DialogRoot>
  )
}

function Choices({ run }: { run: (choice: Choice) => void }) {
  const [typed, setTyped] = useState('')
  const [caret, setCaret] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const [kind, setKind] = useState<Kind>()
  const { groups, count, fetching, problems } = useChoices(typed, caret, kind)
  const completions = useCompletions(typed, typed ? caret : null).slice(0, 5)
  // Where the caret has to be after a completion.
  const wanted = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (wanted.current === null) return
    input.current?.setSelectionRange(wanted.current, wanted.current)
    wanted.current = null
  })
  const take = (completion: Completion) => {
    const next = accept(typed, completion)
    wanted.current = next.caret
    setTyped(next.text)
    setCaret(next.caret)
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const [first] = completions
    if (event.key === 'Backspace' && !typed) setKind(undefined)
    if (event.key !== 'Tab' || event.shiftKey || !first) return
    event.preventDefault()
    take(first)
  }
  return (
    <Autocomplete.Root
      inline
      open
      autoHighlight="always"
      keepHighlight
      filter={null}
      items={groups}
      itemToStringValue={({ label }: Choice) => label}
      value={typed}
      onValueChange={(value, { reason }) => {
        // Autocomplete would also write the label of a choice that is run.
        if (reason !== 'input-change') return
        setTyped(value)
        setCaret(input.current?.selectionStart ?? value.length)
      }}
    >
      <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4">
        <Search size={17} className="text-dim" aria-hidden />
        <Autocomplete.Input
          ref={input}
          autoFocus
          aria-label={t.field}
          spellCheck={false}
          dir="auto"
          placeholder={t.placeholder}
          className="min-w-0 flex-1 bg-transparent text-[16px] outline-none placeholder:text-dim"
          onKeyDown={onKeyDown}
          onSelect={() => setCaret(input.current?.selectionStart ?? typed.length)}
        />
        <Kbd>Esc</Kbd>
      </div>
      <div role="group" aria-label={t.kinds} className="flex shrink-0 flex-wrap gap-1 border-b border-line px-3 py-1.5">
        {KINDS.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === kind}
            onClick={() => {
              setKind(each === kind ? undefined : each)
              input.current?.focus()
            }}
            className="min-h-6 rounded-md px-2 text-[12px] text-dim hover:bg-hover aria-pressed:bg-chosen aria-pressed:font-medium aria-pressed:text-ink max-md:min-h-11"
          >
            {t.groups[each]}
          </button>
        ))}
      </div>
      {completions.length > 0 && (
        <div className="flex shrink-0 flex-wrap gap-1.5 border-b border-line bg-panel px-4 py-1.5">
          {completions.map((completion, index) => (
            <button
              key={completion.key}
              type="button"
              tabIndex={-1}
              onClick={() => take(completion)}
              className="inline-flex min-h-6 max-w-full items-center gap-1.5 rounded-md border border-line bg-raised px-2 hover:bg-hover max-md:min-h-11"
            >
              <bdi className="truncate">{completion.label}</bdi>
              {completion.count !== undefined && <span className="text-dim">{number(completion.count)}</span>}
              {index === 0 && <Kbd>Tab</Kbd>}
            </button>
          ))}
        </div>
      )}
      {problems.length > 0 && (
        <div role="alert" className="shrink-0 border-b border-line px-4 py-2 text-danger [overflow-wrap:anywhere]">
          <ul>
            {problems.map(({ path, message }) => (
              <li key={path}>
                <Told text={message} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <Autocomplete.List aria-label={t.results} className="min-h-0 flex-1 overflow-auto p-2">
        {({ name, items }: Group) => (
          <Autocomplete.Group key={name} items={items}>
            <Autocomplete.GroupLabel className="px-2 pt-2 pb-1.5 text-[12px] text-dim">{name}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(choice: Choice) => <Option key={choice.key} choice={choice} run={run} />}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      {count === 0 && (
        <p className="p-6 text-center text-dim">{fetching ? t.searching : kind && !typed ? t.type : t.nothing}</p>
      )}
      <p className="sr-only" role="status">
        {typed && !fetching ? t.count(count) : ''}
      </p>
      <footer className="flex h-9 shrink-0 items-center gap-4 border-t border-line bg-panel px-4 text-[12px] text-dim">
        <Hint keys={['↑', '↓']}>{t.move}</Hint>
        <Hint keys={['↵']}>{t.run}</Hint>
        <Hint keys={['Tab']}>{completions.length > 0 ? t.complete : t.narrow}</Hint>
      </footer>
    </Autocomplete.Root>
  )
}

const Hint = ({ keys, children }: { keys: string[]; children: ReactNode }) => (
  <span className="flex items-center gap-1">
    {keys.map((key) => (
      <Kbd key={key}>{key}</Kbd>
    ))}{' '}
    {children}
  </span>
)

const Option = ({ choice, run }: { choice: Choice; run: (choice: Choice) => void }) => (
  <Autocomplete.Item
    value={choice}
    onClick={() => run(choice)}
    // Autocomplete marks no option as selected; here it is the highlighted one, which Enter runs.
    render={(props, { highlighted }) => <div {...props} role="option" aria-selected={highlighted} />}
    className="flex min-h-9 items-center gap-3 rounded-lg px-2 data-highlighted:bg-chosen max-md:min-h-11"
  >
    <span className="grid size-5 shrink-0 place-items-center text-dim">{choice.icon}</span>
    <span className="min-w-0 flex-1 truncate" dir="auto">
      {choice.label}
    </span>
    {choice.hint && (
      <span className="max-w-[50%] shrink-0 truncate text-[12px] text-dim" dir="auto">
        {choice.hint}
      </span>
    )}
    {choice.keys && (
      <span className="flex gap-1" aria-hidden>
        {choice.keys.split(' ').map((one, i) => (
          <Kbd key={`${one}${String(i)}`}>{keySign(one)}</Kbd>
        ))}
      </span>
    )}
  </Autocomplete.Item>
)
