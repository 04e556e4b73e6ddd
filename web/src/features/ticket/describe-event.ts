/** Puts an event of a ticket into one sentence. */
import type { Schemas } from '@/lib/api/client'

type Event = Extract<Schemas['TimelineItem'], { kind: 'event' }>
type BeforeAndAfter = [unknown, unknown]

const list = (value: unknown) => (Array.isArray(value) ? (value as string[]) : [])

function describeCreation(event: Event): string {
  const data = event.data as { team?: string; assignee?: string; rules?: { name: string }[] | null }
  const rules = data.rules?.map((rule) => `“${rule.name}”`).join(', ')
  const parts = [
    data.team && `Routed to ${data.team}${rules ? ` by ${rules}` : ''}`,
    data.assignee && `assigned to ${data.assignee}`,
  ]
  return parts.filter(Boolean).join(' · ') || 'Created'
}

function describeChange(key: string, [before, after]: BeforeAndAfter): string[] {
  if (key === 'tags') {
    const added = list(after).filter((tag) => !list(before).includes(tag))
    const removed = list(before).filter((tag) => !list(after).includes(tag))
    return [
      ...(added.length ? [`added ${added.join(', ')}`] : []),
      ...(removed.length ? [`removed ${removed.join(', ')}`] : []),
    ]
  }
  if (key === 'custom') return ['changed the details']
  if (key === 'required_skills') return ['changed the skills']
  if (before == null) return [`set ${key} to ${after}`]
  if (after == null) return [`cleared ${key}, was ${before}`]
  return [`changed ${key} from ${before} to ${after}`]
}

/** Empty when the event changed nothing that a conversation shows. */
export function describeEvent(event: Event): string {
  if (event.name === 'ticket.created') return describeCreation(event)
  const parts = Object.entries(event.changes as Record<string, BeforeAndAfter>).flatMap(([key, change]) =>
    describeChange(key, change),
  )
  return parts.length ? `${event.actor?.name ?? 'Automatically'} ${parts.join(', ')}` : ''
}
