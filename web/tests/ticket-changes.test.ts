import { expect, test } from 'vitest'
import { type Status, statusOf } from '@/desk/config'
import { describeChange } from '@/desk/describe-change'
import { ownVersion, recordVersion } from '@/desk/own-versions'
import {
  assign,
  reopen,
  setCustomField,
  setPriority,
  setSkills,
  setStatus,
  setType,
  solve,
} from '@/desk/ticket-changes'

test('a change of one’s own follows on one’s last, somebody else’s does not', () => {
  recordVersion(1, 4, 5)
  recordVersion(1, 5, 6)
  expect(ownVersion(1, 4)).toBe(6)
  expect(ownVersion(1, 3)).toBe(3)
  expect(ownVersion(2, 4)).toBe(4)
})

const status = (key: string, category: string, position: number, active = true) =>
  ({ key, category, position, active }) as Status

const statuses = {
  items: [
    status('late', 'solved', 9),
    status('retired', 'solved', 1, false),
    status('done', 'solved', 2),
    status('in_hand', 'open', 3),
  ],
  next: null,
}

test('the status that stands for its category is the first active one, whatever its key', () => {
  expect(statusOf(statuses, 'solved')?.key).toBe('done')
  expect(statusOf(statuses, 'pending')).toBeUndefined()
  expect(statusOf(undefined, 'solved')).toBeUndefined()
})

test('solving and reopening are verbs that name no status, and show the one that is going to be chosen', () => {
  expect(solve(statuses)).toEqual({ verb: 'solve', body: {}, shown: { status: 'done', status_category: 'solved' } })
  expect(reopen(statuses)).toEqual({ verb: 'reopen', body: {}, shown: { status: 'in_hand', status_category: 'open' } })
  expect(solve(undefined)).toEqual({ verb: 'solve', body: {}, shown: { status_category: 'solved' } })
})

test('a change sends a reference and shows a name; a custom field is shown at once', () => {
  const maya = { id: 7, name: 'Maya', capacity: 4 }
  expect(assign(maya)).toEqual({ body: { assignee_id: 7 }, shown: { assignee: { id: 7, name: 'Maya' } } })
  expect(assign(null)).toEqual({ body: { assignee_id: null }, shown: { assignee: null } })
  expect(setCustomField('seats', -3)).toEqual({ body: { custom: { seats: -3 } }, shown: { custom: { seats: -3 } } })
})

test('a change is worded by the labels of the desk, not by keys', () => {
  const labels = { status: (key: string) => `<${key}>`, priority: () => 'At once', type: () => 'Incident' }
  const worded = (change: Parameters<typeof describeChange>[0]) => describeChange(change, '#7', labels)
  expect(worded(setStatus(status('in_hand', 'open', 3)))).toBe('Set #7 to <in_hand>')
  expect(worded(setPriority('urgent'))).toBe('Set the priority of #7 to At once')
  expect(worded(setType('incident'))).toBe('Set the type of #7 to Incident')
  expect(worded(setSkills({ required_skills: { german: 2 }, preferred_skills: {} }))).toBe('Changed the skills of #7')
})
