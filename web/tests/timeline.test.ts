import { expect, test } from 'vitest'
import type { AnyField } from '@/desk/fields/custom-field'
import { fieldValue } from '@/desk/fields/field-value'
import type { TimelineItem } from '@/desk/timeline'
import { timesIn } from '@/desk/times'
import { toEntries } from '@/features/ticket/timeline/entries'

const at = '2026-11-27T11:36:48Z'
const PEOPLE: Record<number, string> = { 2: 'Maya Okafor', 4: 'Aiko Tanabe' }
const fields: Record<string, AnyField> = Object.fromEntries(
  [
    { key: 'callback', label: 'Callback at', type: 'datetime', config: {} },
    { key: 'renewal', label: 'Renewal date', type: 'date', config: {} },
    { key: 'contract', label: 'Contract', type: 'relation', config: { target: 'object:contract' } },
    {
      key: 'platforms',
      label: 'Platforms',
      type: 'multiselect',
      config: { options: [{ value: 'ios', label: 'iOS' }] },
    },
    { key: 'price', label: 'Price', type: 'decimal', config: {} },
  ].map((field) => [`custom.${field.key}`, field as AnyField]),
)
const reader = {
  ...timesIn('Europe/Berlin', 'en'),
  nameOf: (target: string, id: number) => (target === 'object:contract' && id === 1 ? 'Halcyon 2027' : undefined),
}
const words = {
  label: (path: string) => fields[path]?.label,
  value: (path: string, value: unknown) => fieldValue(fields[path], value, reader),
}
const context = { ticket: 7, words, nameOf: (id: number) => PEOPLE[id] }

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

test('custom fields are told by their labels, with names, days, times and numbers as their reader has them', () => {
  const change = (before: object, after: object) =>
    texts(event({ custom: [before, after] }, 'Maya Okafor')).map((text) => text.replace('Maya Okafor ', ''))
  expect(change({}, { callback: '2027-02-03T13:30:00Z' })).toEqual(['set Callback at to 3 Feb 2027, 14:30'])
  expect(change({}, { renewal: '2027-03-01' })).toEqual(['set Renewal date to 1 Mar 2027'])
  expect(change({}, { contract: 1 })).toEqual(['set Contract to Halcyon 2027'])
  expect(change({ contract: 1 }, { contract: 2 })).toEqual(['changed Contract from Halcyon 2027 to #2'])
  expect(change({ platforms: ['ios'] }, {})).toEqual(['cleared Platforms, was iOS'])
  expect(change({}, { price: 1234.5678 })).toEqual(['set Price to 1,234.5678'])
  // A field that is gone has neither label nor type.
  expect(change({}, { gone: 'x' })).toEqual(['set gone to x'])
})
