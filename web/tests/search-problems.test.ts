import { expect, test } from 'vitest'
import { insteadOf, problemsIn, replaced } from '@/features/search/problems'
import { ApiProblem } from '@/lib/api/client'

test('what the API says of a question is worded by its reason, with the place where it stands', () => {
  const problem = (path: string, reason: string, values: Record<string, string>) => ({
    path,
    message: 'in English',
    reason,
    values,
  })
  const error = new ApiProblem(
    {
      status: 422,
      code: 'TK422',
      problems: [
        problem('q[8]', 'unknown_value', { field: 'status', value: 'opne', nearest: 'open', allowed: 'new, open' }),
        problem('q[13]', 'unknown_filter', { value: 'staus', nearest: 'status', fields: 'is, status' }),
        problem('q[1001]', 'question_too_long', { most: '1000' }),
        { path: 'q[1]', message: 'something new' },
        { path: 'limit', message: 'is no part of the question' },
      ],
    },
    422,
  )
  expect(problemsIn(error).map(({ place, message }) => [place, message])).toEqual([
    [8, 'Status has no value “opne”.'],
    [13, 'There is no filter “staus”. Put it in quotes to look for the text.'],
    [1001, 'The question is longer than 1,000 characters. Shorten it.'],
    [1, 'something new'],
  ])
})

test('what was probably meant is offered alone, and all that is possible where the API names none', () => {
  expect(insteadOf({ value: 'opne', nearest: 'open', allowed: 'new, open' })).toEqual(['open'])
  expect(insteadOf({ value: 'x', allowed: 'new, on_hold, open' })).toEqual(['new', 'on_hold', 'open'])
  expect(insteadOf({ allowed: 'new, open' })).toEqual([])
  expect(insteadOf(undefined)).toEqual([])
})

test('what is offered stands in the question where the other stood', () => {
  expect(replaced('tag:refund status:opne x', 19, 'opne', 'open')).toBe('tag:refund status:open x')
  expect(replaced('team:"Bill ing"', 6, 'Bill ing', 'Billing Team')).toBe('team:"Billing Team"')
  expect(replaced('🙂 staus:open', 3, 'staus', 'status')).toBe('🙂 status:open')
})
