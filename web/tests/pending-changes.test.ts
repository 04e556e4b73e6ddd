import { expect, test } from 'vitest'
import { addPending, hasPending, withPending } from '@/desk/pending-changes'
import { differences, inverseOf } from '@/desk/ticket-changes'

const ticket = {
  id: 1,
  version: 1,
  subject: 'Late',
  status: 'new',
  status_category: 'new' as const,
  priority: 'normal',
  assignee: null,
  tags: ['a'],
  custom: { seats: 2, plan: 'free' },
}

test('a refused change is taken back alone: the one made after it stays', () => {
  const first = addPending(ticket, { priority: 'urgent' })
  const second = addPending(ticket, { status: 'open' })
  expect(second.shown).toMatchObject({ priority: 'urgent', status: 'open' })
  expect(first.settle()).toMatchObject({ priority: 'normal', status: 'open' })
  expect(second.settle({ ...ticket, version: 2, status: 'open' })).toMatchObject({ version: 2, status: 'open' })
  expect(hasPending(1)).toBe(false)
})

test('what others do meanwhile is shown below one’s own unanswered change', () => {
  const mine = addPending(ticket, { custom: { seats: 5 } })
  expect(withPending({ ...ticket, version: 2, subject: 'Theirs' })).toMatchObject({
    subject: 'Theirs',
    custom: { seats: 5, plan: 'free' },
  })
  expect(mine.settle()).toMatchObject({ subject: 'Theirs', custom: { seats: 2, plan: 'free' } })
})

test('a row does not take the custom fields from a ticket', () => {
  const mine = addPending(ticket, { priority: 'low' })
  withPending({ id: 1, version: 3, subject: 'Row', snippet: '…', custom: null })
  expect(mine.settle()).toMatchObject({ subject: 'Row', custom: { seats: 2, plan: 'free' } })
})

test('undoing puts back what was changed, with what rules changed on top', () => {
  const after = {
    ...ticket,
    version: 2,
    priority: 'urgent',
    assignee: { id: 7, name: 'Maya' },
    custom: { seats: 9, plan: 'free' },
  }
  expect(differences(ticket, after).map(({ path }) => path)).toEqual(['priority', 'assignee_id', 'custom.seats'])
  expect(inverseOf(ticket, after)).toEqual({
    body: { priority: 'normal', assignee_id: null, custom: { seats: 2 } },
    shown: { priority: 'normal', assignee: null, custom: { seats: 2 } },
  })
})
