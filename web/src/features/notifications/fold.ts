/**
 * Notifications as the panel shows them: news of one kind by one hand on one ticket are one line, tickets that came together are
 * one line, and what concerns oneself comes first.
 */
import type { Notification } from '@/desk/notifications'

export type Kind = 'mentioned' | 'assigned' | 'requester_replied' | 'followed' | 'team_unassigned'

/** One line: the newest notification of it first. */
export interface Line {
  key: string
  kind: Kind
  items: Notification[]
  unread: boolean
}

export interface Section {
  /** `first`, or the day as `2026-11-27`. */
  key: string
  lines: Line[]
}

/** Tickets handed over within this time by the same hand are one piece of news. */
const TOGETHER_MS = 10 * 60_000

const together = (newer: Notification, older: Notification) => Date.parse(newer.at) - Date.parse(older.at) < TOGETHER_MS

function fold(items: readonly Notification[]): Line[] {
  const lines: Line[] = []
  for (const item of items) {
    const kind = item.kind as Kind
    const line = lines.find((each) => {
      const last = each.items.at(-1)
      // A line names one hand: what another has done is a line of its own.
      if (each.kind !== kind || last?.actor?.id !== item.actor?.id) return false
      if (each.items.some(({ ticket }) => ticket.id === item.ticket.id))
        return each.items.every(({ ticket }) => ticket.id === item.ticket.id)
      return (kind === 'assigned' || kind === 'team_unassigned') && last !== undefined && together(last, item)
    })
    if (line) {
      line.items.push(item)
      line.unread ||= !item.read_at
    } else lines.push({ key: `${kind}-${item.id}`, kind, items: [item], unread: !item.read_at })
  }
  return lines
}

/** The newest first, whatever the order in which they were written. `day`: the day of a point in time, in the reader's zone. */
export function sectionsOf(unsorted: readonly Notification[], day: (iso: string) => string): Section[] {
  const items = unsorted.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const isFirst = (item: Notification) => !item.read_at && (item.kind === 'mentioned' || item.kind === 'assigned')
  const sections: Section[] = []
  const first = fold(items.filter(isFirst))
  // Mentions before assignments: somebody waits for an answer.
  first.sort((a, b) => Number(b.kind === 'mentioned') - Number(a.kind === 'mentioned'))
  if (first.length) sections.push({ key: 'first', lines: first })
  const days = new Map<string, Notification[]>()
  for (const item of items) {
    if (isFirst(item)) continue
    const key = day(item.at)
    days.set(key, [...(days.get(key) ?? []), item])
  }
  for (const [key, rest] of days) sections.push({ key, lines: fold(rest) })
  return sections
}
