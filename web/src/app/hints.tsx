import { useMatchRoute } from '@tanstack/react-router'
import { KeyHints } from '@/components/ui/key-hints'
import { useOfferedKeys } from '@/desk/commands'
import { useSingleKeys } from '@/desk/single-keys'
import { keepClear } from '@/lib/keep-clear'
import { t } from './messages'

const QUEUE = [
  ['J K', t.keys.move],
  ['↵', t.keys.open],
  ['Space', t.keys.preview],
  ['X', t.keys.select],
  ['I', t.keys.assignToMe],
  ['E', t.keys.solve],
  ['M', t.keys.macro],
  ['⇧P', t.keys.playQueue],
  ['?', t.keys.all],
]

const TICKET = [
  ['R', t.keys.reply],
  ['N', t.keys.note],
  ['A', t.keys.assign],
  ['I', t.keys.assignToMe],
  ['E', t.keys.solve],
  ['J K', t.keys.move],
  ['Esc', t.keys.back],
  ['?', t.keys.all],
]

/** What the registry calls them. */
const REGISTERED: Record<string, string> = { Esc: 'Escape' }

const SEARCH = [
  ['J K', t.keys.move],
  ['↵', t.keys.open],
  ['Tab', t.keys.complete],
  ['#', t.keys.jump],
  ['/', t.keys.search],
  ['?', t.keys.all],
]

const CUSTOMERS = [
  ['J K', t.keys.move],
  ['↵', t.keys.open],
  ['/', t.keys.search],
  ['?', t.keys.all],
]

const CUSTOMER = [
  ['J K', t.keys.move],
  ['↵', t.keys.open],
  ['?', t.keys.all],
]

const SETTINGS = [
  ['Esc', t.keys.back],
  ['?', t.keys.all],
]

/** The bar at the foot of the page with its most important keys: as many as have room. */
export function Hints() {
  const match = useMatchRoute()
  const singleKeys = useSingleKeys()
  const isOffered = useOfferedKeys()
  const keys = match({ to: '/tickets/$id' })
    ? // Not every ticket takes an answer, and not every address is of a ticket.
      TICKET.filter(([keys = '']) => keys.split(' ').some((key) => isOffered(REGISTERED[key] ?? key.toLowerCase())))
    : match({ to: '/' })
      ? QUEUE
      : match({ to: '/search' })
        ? SEARCH
        : match({ to: '/customers' }) || match({ to: '/organizations' }) || match({ to: '/objects/$type' })
          ? CUSTOMERS
          : match({ to: '/customers/$id' }) ||
              match({ to: '/organizations/$id' }) ||
              match({ to: '/objects/$type/$id' })
            ? CUSTOMER
            : SETTINGS
  if (!singleKeys) return null
  return (
    <footer
      ref={keepClear}
      className="hidden h-8 shrink-0 flex-wrap gap-x-4 overflow-hidden border-t border-line bg-panel px-4 text-[12px] whitespace-nowrap text-dim md:high-window:flex"
    >
      <KeyHints hints={keys} />
    </footer>
  )
}
