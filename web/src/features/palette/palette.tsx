import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowRight, Search } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { Kbd } from '@/components/ui/kbd'
import { StatusIcon } from '@/components/ui/status-icon'
import { allCommands } from '@/desk/commands'
import { useDebounced } from '@/lib/use-debounced'
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

/** The command palette: actions, views, teams and tickets, found by a few letters. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  // A command that was run decides where the focus goes; only Escape brings it back.
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

function Choices({ run }: { run: (choice: Choice) => void }) {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  // Read once, as the palette opens: the page below does not change meanwhile.
  const [commands] = useState(allCommands)
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
  // A number opens its ticket without waiting for the search.
  if (number && !tickets.some(({ key }) => key === `ticket-${number}`))
    tickets.unshift({
      key: `ticket-${number}`,
      label: `Open ticket #${number}`,
      icon: <ArrowRight size={16} />,
      run: () => open(number),
    })
  const group = (name: 'Actions' | 'Go to' | 'Teams') => {
    const labels = new Set<string>()
    const offered: Choice[] = commands.flatMap((command) => {
      if (command.group !== name || labels.has(command.label)) return []
      labels.add(command.label)
      return [{ ...command, key: `${name}-${command.label}`, icon: command.icon ?? <ArrowRight size={16} /> }]
    })
    return { name, items: filterByLetters(typed, offered, ({ label }) => label) }
  }
  const found = { name: 'Tickets', items: tickets }
  const groups = [
    ...(number ? [found] : []),
    group('Actions'),
    group('Go to'),
    // All teams would bury the rest before anything has been typed.
    ...(typed ? [group('Teams')] : []),
    // Found later than the rest, so at the end: late results never change what Enter runs.
    ...(number ? [] : [found]),
  ].filter(({ items }) => items.length)
  const count = groups.reduce((sum, { items }) => sum + items.length, 0)
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
        if (reason === 'input-change') setTyped(value)
      }}
    >
      <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4">
        <Search size={17} className="text-dim" aria-hidden />
        <Autocomplete.Input
          autoFocus
          aria-label="Search tickets and commands"
          spellCheck={false}
          placeholder="Search tickets and commands…"
          className="flex-1 bg-transparent text-[16px] outline-none placeholder:text-dim"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Autocomplete.List aria-label="Results" className="min-h-0 flex-1 overflow-auto p-2">
        {({ name, items }: (typeof groups)[number]) => (
          <Autocomplete.Group key={name} items={items}>
            <Autocomplete.GroupLabel className="px-2 pt-2 pb-1.5 text-[12px] text-dim">{name}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(choice: Choice) => <Option key={choice.key} choice={choice} run={run} />}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      {count === 0 && <p className="p-6 text-center text-dim">{search.isFetching ? 'Searching…' : 'Nothing found'}</p>}
      <p className="sr-only" role="status">
        {typed && !search.isFetching ? `${count} results` : ''}
      </p>
      <footer className="flex h-9 shrink-0 items-center gap-4 border-t border-line bg-panel px-4 text-[12px] text-dim">
        <span className="flex items-center gap-1">
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> move
        </span>
        <span className="flex items-center gap-1">
          <Kbd>↵</Kbd> run
        </span>
      </footer>
    </Autocomplete.Root>
  )
}

const Option = ({ choice, run }: { choice: Choice; run: (choice: Choice) => void }) => (
  <Autocomplete.Item
    value={choice}
    onClick={() => run(choice)}
    // Autocomplete marks no option as selected; here it is the highlighted one, which Enter runs.
    render={(props, { highlighted }) => <div {...props} role="option" aria-selected={highlighted} />}
    className="flex h-9 items-center gap-3 rounded-lg px-2 data-highlighted:bg-[var(--chosen)]"
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
  </Autocomplete.Item>
)
