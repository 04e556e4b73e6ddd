import { expect, test } from 'vitest'
import type { Notification } from '../src/desk/notifications'
import { sectionsOf } from '../src/features/notifications/fold'

let id = 100
const item = (
  kind: Notification['kind'],
  ticket: number,
  at: string,
  more: Partial<Notification> = {},
): Notification => ({
  id: id--,
  at,
  kind,
  ticket: { id: ticket, subject: `Ticket ${ticket}`, status: 'open', status_category: 'open' },
  ...more,
})
const day = (iso: string) => iso.slice(0, 10)
const shape = (items: Notification[]) =>
  sectionsOf(items, day).map(({ key, lines }) => [
    key,
    ...lines.map(({ kind, items }) => `${kind} ${items.map(({ ticket }) => ticket.id).join(',')}`),
  ])

test('mentions come first, then assignments, then the rest by day', () => {
  expect(
    shape([
      item('requester_replied', 1, '2026-11-27T10:00:00Z'),
      item('assigned', 2, '2026-11-27T09:00:00Z'),
      item('mentioned', 3, '2026-11-27T08:00:00Z'),
      item('followed', 4, '2026-11-26T08:00:00Z'),
    ]),
  ).toEqual([
    ['first', 'mentioned 3', 'assigned 2'],
    ['2026-11-27', 'requester_replied 1'],
    ['2026-11-26', 'followed 4'],
  ])
})

test('what was read takes its place in time', () => {
  const read_at = '2026-11-27T11:00:00Z'
  expect(shape([item('mentioned', 3, '2026-11-27T08:00:00Z', { read_at })])).toEqual([['2026-11-27', 'mentioned 3']])
})

test('news of one kind on one ticket are one line, and tickets that one hand gave together', () => {
  const actor = { id: 7, name: 'Aiko Tanaka' }
  expect(
    shape([
      item('requester_replied', 1, '2026-11-27T10:00:00Z'),
      item('requester_replied', 2, '2026-11-27T09:30:00Z'),
      item('requester_replied', 1, '2026-11-27T09:00:00Z'),
      item('assigned', 3, '2026-11-27T08:02:00Z'),
      item('assigned', 4, '2026-11-27T08:01:00Z'),
      item('assigned', 5, '2026-11-27T08:00:00Z', { actor }),
      item('assigned', 6, '2026-11-27T06:00:00Z'),
    ]),
  ).toEqual([
    ['first', 'assigned 3,4', 'assigned 5', 'assigned 6'],
    ['2026-11-27', 'requester_replied 1,1', 'requester_replied 2'],
  ])
})

test('a line names nobody for what another hand has done', () => {
  const actor = { id: 7, name: 'Maya Okafor' }
  expect(
    shape([
      item('assigned', 5, '2026-11-27T08:03:00Z', { actor }),
      item('assigned', 5, '2026-11-27T08:02:00Z'),
      item('assigned', 6, '2026-11-27T08:01:00Z'),
      item('assigned', 7, '2026-11-27T08:00:00Z'),
      item('mentioned', 8, '2026-11-27T07:01:00Z', { actor }),
      item('mentioned', 8, '2026-11-27T07:00:00Z', { actor: { id: 9, name: 'Priya Raman' } }),
    ]),
  ).toEqual([['first', 'mentioned 8', 'mentioned 8', 'assigned 5', 'assigned 5,6,7']])
})

test('the newest news come first, in whatever order they were written', () => {
  expect(
    shape([
      item('requester_replied', 1, '2026-11-27T09:00:00Z'),
      item('followed', 2, '2026-11-27T10:00:00Z'),
      item('requester_replied', 3, '2026-11-27T09:30:00Z'),
    ]),
  ).toEqual([['2026-11-27', 'followed 2', 'requester_replied 3', 'requester_replied 1']])
})
