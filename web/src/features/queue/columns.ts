/** The columns of a queue: which there are, how wide each is, and what it is sorted by. */
import { useSyncExternalStore } from 'react'

export interface Column {
  key: string
  /** In pixels, until somebody changes it. The subject takes what is left. */
  width: number
  least: number
  sortable: boolean
  /** Times and urgency are wanted the other way round at first. */
  descending?: boolean
  /** Drawn as a picture; its name is for screen readers. */
  picture?: boolean
  end?: boolean
}

const COLUMNS: Column[] = [
  { key: 'id', width: 58, least: 44, sortable: true },
  { key: 'priority', width: 28, least: 28, sortable: true, descending: true, picture: true },
  { key: 'status', width: 28, least: 28, sortable: true, picture: true },
  { key: 'subject', width: 0, least: 180, sortable: true },
  { key: 'tags', width: 150, least: 60, sortable: false },
  { key: 'requester', width: 190, least: 80, sortable: true },
  { key: 'organization', width: 140, least: 70, sortable: true },
  { key: 'channel', width: 48, least: 32, sortable: true },
  { key: 'type', width: 84, least: 60, sortable: true },
  { key: 'team', width: 110, least: 60, sortable: true },
  { key: 'assignee', width: 72, least: 44, sortable: true },
  { key: 'next_breach_at', width: 92, least: 64, sortable: true, end: true },
  { key: 'created_at', width: 80, least: 56, sortable: true, descending: true, end: true },
  { key: 'updated_at', width: 80, least: 56, sortable: true, descending: true, end: true },
  { key: 'solved_at', width: 80, least: 56, sortable: true, descending: true, end: true },
]

const BY_KEY = new Map(COLUMNS.map((column) => [column.key, column]))

export const COLUMN_KEYS = COLUMNS.map(({ key }) => key)

export const DEFAULT_COLUMNS = [
  'id',
  'priority',
  'status',
  'subject',
  'tags',
  'requester',
  'channel',
  'assignee',
  'updated_at',
]

/** Beside a preview only the most telling stay, unless there is room for all and a subject that can be read. */
const ROOMY_SUBJECT = 400
const NARROW = ['priority', 'status', 'subject', 'assignee', 'updated_at']

/** What goes first where there is no room. */
const DROPS = ['type', 'solved_at', 'created_at', 'tags', 'channel', 'organization', 'id', 'team', 'next_breach_at']
const LAST_DROPS = ['updated_at', 'assignee']

export const columnOf = (key: string): Column =>
  BY_KEY.get(key) ?? { key, width: 110, least: 60, sortable: key.startsWith('custom.') }

/** These columns with another one, before those that it naturally stands before. */
export function withColumn(keys: string[], key: string): string[] {
  const place = COLUMN_KEYS.indexOf(key)
  const next = place < 0 ? -1 : keys.findIndex((each) => COLUMN_KEYS.indexOf(each) > place)
  return keys.toSpliced(next < 0 ? keys.length : next, 0, key)
}

/** The columns of a list in their order; the subject is always among them. */
export function columnsOf(keys: string[]): string[] {
  if (!keys.length) return DEFAULT_COLUMNS
  return keys.includes('subject') ? keys : withColumn(keys, 'subject')
}

/** The columns that are shown in so much room. */
export function columnsFor(keys: string[], narrow: boolean, room: number): Column[] {
  const wanted = columnsOf(keys).map(columnOf)
  const widthOf = (columns: Column[], subject?: number) =>
    columns.reduce((sum, each) => sum + 8 + (each.width || (subject ?? each.least)), 60)
  let shown = narrow && widthOf(wanted, ROOMY_SUBJECT) > room ? NARROW.map(columnOf) : wanted
  for (const drop of narrow ? [...DROPS, ...LAST_DROPS] : DROPS) {
    if (widthOf(shown) <= room) break
    shown = shown.filter(({ key }) => key !== drop)
  }
  return shown
}

const STORED = 'queue.widths'
let widths: Record<string, number> = JSON.parse(globalThis.localStorage?.getItem(STORED) ?? '{}')
const listeners = new Set<() => void>()

/** The widths that somebody chose in this browser. */
export const useWidths = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => widths,
  )

/** `undefined`: as wide as it was made. */
export function setWidth(key: string, width: number | undefined) {
  const { [key]: _, ...rest } = widths
  widths = width === undefined ? rest : { ...rest, [key]: Math.max(columnOf(key).least, Math.round(width)) }
  localStorage.setItem(STORED, JSON.stringify(widths))
  for (const listener of listeners) listener()
}

/** From this width on a column holds words, which more room makes longer; narrower ones hold pictures and numbers. */
const OF_WORDS = 100

/** Once the subject can be read, what is beside it shares the room, so that the texts of a row stay near each other. */
export const templateOf = (columns: Column[], chosen: Record<string, number>) =>
  [
    '22px',
    ...columns.map(({ key, width, least }) => {
      if (chosen[key]) return `${chosen[key]}px`
      if (!width) return `minmax(${least}px, 1fr)`
      return width < OF_WORDS ? `${width}px` : `minmax(${width}px, ${width / ROOMY_SUBJECT}fr)`
    }),
  ].join(' ')

/** The next order by a click on a column's head: its own way, the other way round, none. */
export function nextSort(column: Column, sort: string | undefined): string | undefined {
  const first = column.descending ? `-${column.key}` : column.key
  const second = column.descending ? column.key : `-${column.key}`
  return sort === first ? second : sort === second ? undefined : first
}

export const ariaSort = (column: Column, sort: string | undefined) =>
  !column.sortable ? undefined : sort === column.key ? 'ascending' : sort === `-${column.key}` ? 'descending' : 'none'
