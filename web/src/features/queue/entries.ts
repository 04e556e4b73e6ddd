/** What stands in a list one below the other: rows, and the heads of their groups. */
import type { Row } from '@/desk/tickets'

export interface Group {
  kind: 'group'
  /** The value that its rows share, as the API counts it: a key or an id, empty for none. */
  value: string
  /** How many of its rows are loaded. */
  loaded: number
  folded: boolean
}

export interface Item {
  kind: 'row'
  row: Row
  /** Among the rows, without heads. */
  index: number
}

export type Entry = Group | Item

export const keyOf = (entry: Entry) => (entry.kind === 'row' ? entry.row.id : `group-${entry.value}`)

/** By what a row is gathered, as the counts of groups name it. */
export function groupOf(row: Row, by: string): string {
  if (by === 'assignee') return String(row.assignee?.id ?? '')
  if (by === 'team') return String(row.team?.id ?? '')
  if (by === 'organization') return String(row.organization?.id ?? '')
  if (by === 'requester') return String(row.requester.id)
  if (by.startsWith('custom.')) {
    const value = row.custom?.[by.slice(7)]
    return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  }
  return String(row[by as 'status' | 'priority' | 'type' | 'channel'] ?? '')
}

/** Rows in the order given; a new group begins where the value changes. */
export function entriesOf(rows: Row[], by: string | undefined, folded: ReadonlySet<string>): Entry[] {
  if (!by) return rows.map((row, index) => ({ kind: 'row', row, index }))
  const entries: Entry[] = []
  let group: Group | undefined
  const seen = new Set<string>()
  rows.forEach((row, index) => {
    const value = groupOf(row, by)
    // A row that a change has moved to another group stays where it stands until the list is read again.
    if (!group || (group.value !== value && !seen.has(value))) {
      group = { kind: 'group', value, loaded: 0, folded: folded.has(value) }
      seen.add(value)
      entries.push(group)
    }
    group.loaded++
    if (!group.folded) entries.push({ kind: 'row', row, index })
  })
  return entries
}
