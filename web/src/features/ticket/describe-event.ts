import type { Schemas } from '@/lib/api/client'

type Event = Extract<Schemas['TimelineItem'], { kind: 'event' }>
type Pair = [unknown, unknown]

const list = (value: unknown) => (Array.isArray(value) ? (value as string[]) : [])

/** A change in one sentence; empty when there is nothing to tell. */
export function tell(event: Event): string {
  const who = event.actor?.name ?? 'Automatically'
  if (event.name === 'ticket.created') {
    const data = event.data as { team?: string; assignee?: string; rules?: { name: string }[] | null }
    const by = data.rules?.map((rule) => `“${rule.name}”`).join(', ')
    const parts = [
      data.team && `Routed to ${data.team}${by ? ` by ${by}` : ''}`,
      data.assignee && `assigned to ${data.assignee}`,
    ]
    return parts.filter(Boolean).join(' · ') || 'Created'
  }
  const parts = Object.entries(event.changes as Record<string, Pair>).flatMap(([key, [from, to]]) => {
    if (key === 'tags') {
      const added = list(to).filter((tag) => !list(from).includes(tag))
      const gone = list(from).filter((tag) => !list(to).includes(tag))
      return [added.length && `added ${added.join(', ')}`, gone.length && `removed ${gone.join(', ')}`].filter(
        (part) => typeof part === 'string',
      )
    }
    if (key === 'custom' || key === 'required_skills')
      return [`changed ${key === 'custom' ? 'the details' : 'the skills'}`]
    if (from == null) return [`set ${key} to ${to}`]
    if (to == null) return [`cleared ${key}, was ${from}`]
    return [`changed ${key} from ${from} to ${to}`]
  })
  return parts.length ? `${who} ${parts.join(', ')}` : ''
}
