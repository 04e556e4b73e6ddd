import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import clsx from 'clsx'
import { ArrowRight, Search } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Kbd } from '@/components/ui/kbd'
import { StatusIcon } from '@/components/ui/status-icon'
import { allCommands } from '@/desk/commands'

import { filterByLetters } from './filter-by-letters'
import { searchQuery } from './queries'

interface Choice {
  key: string
  label: string
  hint?: string
  keys?: string
  icon: ReactNode
  run: () => void
}

/** Everything one can do or go to from here, found by a few letters. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  // What was chosen decides where the focus goes; only leaving with Escape brings it back.
  const chosen = useRef(false)
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/35" />
        <Dialog.Popup
          aria-label="Search or jump to"
          finalFocus={() => !chosen.current}
          className="fixed top-[14vh] left-1/2 z-50 flex max-h-[64vh] w-[min(600px,92vw)] -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-2xl outline-none"
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
    </Dialog.Root>
  )
}

function useDebounced<T>(value: T, wait: number) {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return late
}

function Choices({ run }: { run: (choice: Choice) => void }) {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  // As they are when the palette opens: the page below does not change meanwhile.
  const [commands] = useState(allCommands)
  const list = useRef<HTMLDivElement>(null)
  const wanted = typed.trim().replace(/^#/, '')
  const search = useQuery(searchQuery(useDebounced(wanted, 150)))
  const number = /^\d+$/.test(wanted) ? wanted : null
  const open = (id: number | string) => navigate({ to: '/tickets/$id', params: { id: String(id) } })

  const tickets: Choice[] =
    wanted.length > 1
      ? (search.data?.items ?? [])
          .filter((row) => !number || String(row.id) === number || row.subject.includes(number))
          .map((row) => ({
            key: `ticket-${row.id}`,
            label: row.subject,
            hint: `#${row.id} · ${row.requester.name}`,
            icon: <StatusIcon category={row.status_category} label={row.status} />,
            run: () => open(row.id),
          }))
      : []
  // A number is enough to go by, without waiting for the search.
  if (number && !tickets.some(({ key }) => key === `ticket-${number}`))
    tickets.unshift({
      key: `ticket-${number}`,
      label: `Open ticket #${number}`,
      icon: <ArrowRight size={16} />,
      run: () => open(number),
    })
  const group = (name: 'Actions' | 'Go to' | 'Teams'): Choice[] => {
    const labels = new Set<string>()
    const offered = commands.flatMap((command) => {
      if (command.group !== name || labels.has(command.label)) return []
      labels.add(command.label)
      return [{ ...command, key: `${name}-${command.label}`, icon: command.icon ?? <ArrowRight size={16} /> }]
    })
    return filterByLetters(typed, offered, ({ label }) => label)
  }
  const found = ['Tickets', tickets] as const
  const groups = (
    [
      ...(number ? [found] : []),
      ['Actions', group('Actions')],
      ['Go to', group('Go to')],
      // All teams would bury the rest before anything has been typed.
      ['Teams', typed ? group('Teams') : []],
      // Found later than the rest, so at the end: what Enter would run does not change under the hand.
      ...(number ? [] : [found]),
    ] as const
  ).filter(([, choices]) => choices.length)
  const all = groups.flatMap(([, choices]) => choices)
  const current = Math.min(at, all.length - 1)

  const key = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const end = { Home: 0, End: all.length - 1 }[event.key]
    if (step !== undefined) setAt((current + step + all.length) % Math.max(all.length, 1))
    else if (end !== undefined && (event.ctrlKey || !typed)) setAt(end)
    else if (event.key === 'Enter' && all[current] && !event.nativeEvent.isComposing) run(all[current])
    else return
    event.preventDefault()
  }
  useEffect(() => {
    list.current?.querySelector(`#palette-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [current])

  let n = 0
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4">
        <Search size={17} className="text-dim" aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette exists to be typed into
          autoFocus
          role="combobox"
          aria-label="Search tickets and commands"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={all.length ? `palette-${current}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Search tickets and commands…"
          className="flex-1 bg-transparent text-[16px] outline-none placeholder:text-dim"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setAt(0)
          }}
          onKeyDown={key}
        />
        <Kbd>Esc</Kbd>
      </div>
      <div
        ref={list}
        id="palette-list"
        role="listbox"
        aria-label="Results"
        tabIndex={-1}
        className="min-h-0 flex-1 overflow-auto p-2"
      >
        {groups.map(([name, choices]) => (
          <div key={name} role="group" aria-labelledby={`palette-group-${name}`}>
            <div id={`palette-group-${name}`} className="px-2 pt-2 pb-1.5 text-[12px] text-dim">
              {name}
            </div>
            {choices.map((choice) => {
              const index = n++
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard
                <div
                  key={choice.key}
                  id={`palette-${index}`}
                  role="option"
                  aria-selected={index === current}
                  onMouseMove={() => index !== current && setAt(index)}
                  onClick={() => run(choice)}
                  className={clsx(
                    'flex h-9 items-center gap-3 rounded-lg px-2',
                    index === current && 'bg-[var(--chosen)]',
                  )}
                >
                  <span className="grid size-5 shrink-0 place-items-center text-dim">{choice.icon}</span>
                  <span className="truncate">{choice.label}</span>
                  {choice.hint && <span className="ml-auto shrink-0 text-[12px] text-dim">{choice.hint}</span>}
                  {choice.keys && (
                    <span className="ml-auto flex gap-1" aria-hidden>
                      {choice.keys.split(' ').map((one, i) => (
                        <Kbd key={`${one}${String(i)}`}>{one.length === 1 ? one.toUpperCase() : one}</Kbd>
                      ))}
                    </span>
                  )}
                </div>
              )
            })}
          </div>
        ))}
        {all.length === 0 && (
          <p className="p-6 text-center text-dim">{search.isFetching ? 'Searching…' : 'Nothing found'}</p>
        )}
      </div>
      <p className="sr-only" role="status">
        {typed && !search.isFetching ? `${all.length} results` : ''}
      </p>
      <footer className="flex h-9 shrink-0 items-center gap-4 border-t border-line bg-panel px-4 text-[12px] text-dim">
        <span className="flex items-center gap-1">
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> move
        </span>
        <span className="flex items-center gap-1">
          <Kbd>↵</Kbd> run
        </span>
      </footer>
    </>
  )
}
