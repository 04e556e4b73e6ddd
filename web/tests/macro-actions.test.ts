import { expect, test } from 'vitest'
import type { CustomField } from '@/desk/fields/custom-field'
import type { Ticket } from '@/desk/tickets'
import { actionOf, changesOf, rowsOf, sameActions } from '@/features/ticket/composer/macro-actions'

const fields = [
  { key: 'seats', label: 'Seats', type: 'integer', config: {} },
  { key: 'platforms', label: 'Platforms', type: 'multiselect', config: {} },
] as unknown as CustomField[]

const ACTIONS = [
  { set: 'status', value: 'solved' },
  { set: 'custom.seats', value: 4 },
  { add_tags: ['a'] },
  { remove_tags: ['b'] },
  { assign: 'me' },
  { require_skill: 'german', level: 2 },
]

test('actions come out of the form as they went in', () => {
  expect(rowsOf(ACTIONS).map((row) => actionOf(row, fields))).toEqual(ACTIONS)
  expect(sameActions([{ require_skill: 'german' }], [{ require_skill: 'german', level: 1 }])).toBe(true)
  expect(sameActions(ACTIONS, ACTIONS.slice(1))).toBe(false)
})

test('what is typed is sent as the field has it, and nothing empties it', () => {
  expect(actionOf({ path: 'custom.seats', value: ' 12 ' }, fields)).toEqual({ set: 'custom.seats', value: 12 })
  expect(actionOf({ path: 'custom.seats', value: '' }, fields)).toEqual({ set: 'custom.seats', value: null })
  expect(actionOf({ path: 'custom.platforms', value: [] }, fields)).toEqual({ set: 'custom.platforms', value: null })
})

test('only what differs from the ticket counts as a change of it', () => {
  const ticket = {
    status: 'solved',
    priority: 'normal',
    team: { id: 1, name: 'Billing' },
    assignee: null,
    tags: ['B', 'c'],
    custom: { seats: 4 },
    required_skills: {},
  } as unknown as Ticket
  const rows = rowsOf([...ACTIONS, { set: 'team', value: 'Platform' }])
  expect(changesOf(rows, ticket, fields, { me: 'Maya', agent: () => undefined })).toEqual({
    assignee: [null, 'Maya'],
    tags: [
      ['B', 'c'],
      ['c', 'a'],
    ],
    required_skills: [{}, { german: 2 }],
    team: ['Billing', 'Platform'],
  })
})
