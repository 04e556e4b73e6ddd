import { useId, useState } from 'react'
import { CONTROL } from '@/components/ui/field'
import { Kbd, keySign } from '@/components/ui/kbd'
import { Modal } from '@/components/ui/modal'
import { allCommands, type Command } from '@/desk/commands'
import { useSingleKeys } from '@/desk/single-keys'
import { filterByLetters } from '@/features/palette/filter-by-letters'
import { t } from './messages'

/** The overlay that lists the keyboard shortcuts of the page, by group, and finds them by a few letters. */
export const Shortcuts = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <Modal open={open} onClose={onClose} title={t.shortcuts.title}>
    <List />
  </Modal>
)

type Shortcut = Pick<Command, 'keys' | 'label' | 'group'>

const GROUPS: { label: string; has: (shortcut: Shortcut) => boolean }[] = [
  { label: t.shortcuts.here, has: ({ group }) => group === undefined },
  { label: t.shortcuts.actions, has: ({ group }) => group === 'Actions' || group === 'Send' },
  { label: t.shortcuts.goTo, has: ({ group }) => group === 'Go to' || group === 'Teams' },
]

function List() {
  const id = useId()
  const [typed, setTyped] = useState('')
  const singleKeys = useSingleKeys()
  // Read once: the page below does not change meanwhile. The page's command hides the shell's of the same keys.
  const [all] = useState(() => {
    const shown = new Map<string, Shortcut>()
    for (const command of allCommands()) if (command.keys && !shown.has(command.keys)) shown.set(command.keys, command)
    return [...shown.values(), { keys: 'Ctrl K', label: t.searchOrJump, group: 'Actions' as const }]
  })
  const found = typed.trim() ? filterByLetters(typed, all, ({ label, keys }) => `${label} ${keys}`) : all
  return (
    <>
      <input
        id={id}
        // biome-ignore lint/a11y/noAutofocus: the overlay is opened to find something in it
        autoFocus
        type="search"
        aria-label={t.shortcuts.find}
        placeholder={t.shortcuts.find}
        className={`${CONTROL} h-9`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p role="status" className="sr-only">
        {typed ? t.shortcuts.found(found.length) : ''}
      </p>
      {!singleKeys && <p className="mt-3 rounded-md bg-amber-soft px-3 py-2 text-amber-ink">{t.shortcuts.silenced}</p>}
      {found.length === 0 && <p className="py-8 text-center text-dim">{t.shortcuts.none(typed)}</p>}
      {GROUPS.map(({ label, has }) => {
        const shortcuts = found.filter(has)
        return (
          shortcuts.length > 0 && (
            <section key={label} aria-label={label} className="mt-4">
              <h3 className="mb-1 text-[12px] font-medium text-dim">{label}</h3>
              <dl className="grid gap-x-8 sm:grid-cols-2">
                {shortcuts.map((shortcut) => (
                  <div key={shortcut.keys} className="flex min-h-8 items-center justify-between gap-3">
                    <dt className="min-w-0 truncate">{shortcut.label}</dt>
                    <dd className="flex shrink-0 gap-1">
                      {shortcut.keys.split(' ').map((key, at) => (
                        <Kbd key={`${key}${String(at)}`}>{keySign(key)}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        )
      })}
    </>
  )
}
