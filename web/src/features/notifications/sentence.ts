import type { Line } from './fold'
import { t } from './messages'

/** What a line says, apart from the name that stands before it. */
export function sentenceOf({ kind, items }: Pick<Line, 'kind' | 'items'>): { who?: string; what: string } {
  const [newest] = items
  const tickets = new Set(items.map(({ ticket }) => ticket.id)).size
  const who = newest?.actor?.name
  if (tickets > 1) {
    if (kind === 'team_unassigned') return { what: t.waiting(tickets) }
    return who ? { who, what: t.gaveYou(tickets) } : { what: t.routed(tickets) }
  }
  const again = items.length > 1 ? `, ${t.times(items.length)}` : ''
  if (kind === 'team_unassigned' || !who) return { what: t.byItself[kind] + again }
  return { who, what: t.happened[kind] + again }
}
