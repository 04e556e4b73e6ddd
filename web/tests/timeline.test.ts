import { expect, test } from 'vitest'
import type { TimelineItem } from '@/desk/timeline'
import { toEntries } from '@/features/ticket/timeline/entries'

const at = '2026-11-27T11:36:48Z'
const PEOPLE: Record<number, string> = { 2: 'Maya Okafor', 4: 'Aiko Tanabe' }
const context = { ticket: 7, labels: new Map<string, string>(), nameOf: (id: number) => PEOPLE[id] }

const event = (changes: object, actor: string | null = null, id = 1) =>
  ({
    kind: 'event',
    id,
    at,
    name: 'ticket.updated',
    message_id: null,
    actor: actor ? { id: 2, name: actor } : null,
    changes,
    data: {},
  }) as unknown as TimelineItem

const decision = (explanation: object, assignee: string | null) =>
  ({ kind: 'routing', id: 2, at, team: null, assignee, explanation }) as unknown as TimelineItem

const texts = (...items: TimelineItem[]) =>
  toEntries(items, context).map((entry) =>
    entry.kind === 'change' ? entry.told.text : 'text' in entry ? entry.text : '',
  )

test('a decision of routing and the change that it made are told once', () => {
  const given = decision({ offered: 'had room', rules: [], assignee_id: 4 }, 'Aiko Tanabe')
  const back = decision({ taken_back: 'late', taken_back_reason: 'away_too_long', from_user_id: 4, rules: [] }, null)
  expect(texts(given, event({ assignee: [null, 'Aiko Tanabe'] }))).toEqual([
    'Assigned by routing to Aiko Tanabe, who had free capacity',
  ])
  expect(texts(event({ assignee: ['Aiko Tanabe', null] }), back)).toEqual([
    'Taken back from Aiko Tanabe: they have been away for too long',
  ])
  // What else changed with it stays told.
  expect(texts(given, event({ assignee: [null, 'Aiko Tanabe'], status: ['New', 'Open'] }))).toHaveLength(2)
  expect(texts(event({ assignee: [null, 'Aiko Tanabe'] }, 'Maya Okafor'))).toEqual([
    'Maya Okafor assigned it to Aiko Tanabe',
  ])
})

test('who unassigns themselves is not told as two people, and tags are called tags', () => {
  expect(texts(event({ assignee: ['Maya Okafor', null] }, 'Maya Okafor'))).toEqual([
    'Maya Okafor unassigned themselves',
  ])
  expect(texts(event({ tags: [['old'], ['refund', 'vip']] }, 'Maya Okafor'))).toEqual([
    'Maya Okafor added the tags refund, vip, removed the tag old',
  ])
})
