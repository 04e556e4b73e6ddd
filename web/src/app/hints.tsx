import { useMatchRoute } from '@tanstack/react-router'
import { Kbd } from '@/components/ui/kbd'

const QUEUE = [
  ['J K', 'move'],
  ['↵', 'open'],
  ['Space', 'preview'],
  ['X', 'select'],
  ['I', 'assign to me'],
  ['E', 'solve'],
  ['?', 'all shortcuts'],
]

const TICKET = [
  ['R', 'reply'],
  ['N', 'note'],
  ['A', 'assign'],
  ['I', 'assign to me'],
  ['E', 'solve'],
  ['Esc', 'back'],
  ['?', 'all shortcuts'],
]

const SETTINGS = [
  ['Esc', 'back'],
  ['?', 'all shortcuts'],
]

/** The bar at the foot of the page with its most important keys. */
export function Hints() {
  const match = useMatchRoute()
  const keys = match({ to: '/tickets/$id' }) ? TICKET : match({ to: '/' }) ? QUEUE : SETTINGS
  return (
    <footer className="flex h-8 shrink-0 items-center gap-4 overflow-hidden border-t border-line bg-panel px-4 text-[12px] whitespace-nowrap text-dim">
      {keys.map(([keys = '', label]) => (
        <span key={keys} className="flex items-center gap-1">
          {keys.split(' ').map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
          <span className="ml-0.5">{label}</span>
        </span>
      ))}
    </footer>
  )
}
