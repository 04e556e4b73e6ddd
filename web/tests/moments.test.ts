import { expect, test } from 'vitest'
import type { Ticket } from '@/desk/tickets'
import type { TimelineItem } from '@/desk/timeline'
import { momentsOf } from '@/features/ticket/details/moments'

const ticket = {
  id: 7,
  requester: { id: 1, name: 'Ada' },
  created_at: '2026-11-21T07:00:00Z',
  updated_at: '2026-11-22T07:00:00Z',
} as Ticket

let id = 0
const change = (at: string, from: string, to: string): TimelineItem => ({
  kind: 'event',
  id: ++id,
  at,
  name: 'ticket.updated',
  actor: null,
  changes: { status: [from, to] },
  data: {},
})

const items = [
  change('2026-11-21T08:00:00Z', 'Open', 'Solved'),
  change('2026-11-21T09:00:00Z', 'Solved', 'Open'),
  change('2026-11-21T10:00:00Z', 'Open', 'Done with it'),
  change('2026-11-21T11:00:00Z', 'Done with it', 'Pending'),
  change('2026-11-21T12:00:00Z', 'Pending', 'Open'),
]
const done = ['Solved', 'Done with it', 'Closed']
const reopened = (whole: boolean) => momentsOf(ticket, items, done, whole).find(({ name }) => name === 'reopened')

test('a ticket was reopened when it left a status that means solved, whatever the desk calls it', () => {
  expect(reopened(true)).toEqual({ name: 'reopened', at: '2026-11-21T11:00:00Z', times: 2 })
  expect(momentsOf(ticket, items.slice(0, 1), done, true).map(({ name }) => name)).toEqual(['created', 'updated'])
})

test('how often it happened is said only when all of its timeline is known', () => {
  expect(reopened(false)).toEqual({ name: 'reopened', at: '2026-11-21T11:00:00Z' })
})
