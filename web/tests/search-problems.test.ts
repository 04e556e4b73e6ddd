import { expect, test } from 'vitest'
import { likeliest, wordProblem } from '@/features/search/problem-words'
import { replaced } from '@/features/search/problems'

test('the value that was probably meant is offered alone, and all where none is near', () => {
  const statuses = ['closed', 'new', 'on_hold', 'open', 'pending', 'solved']
  expect(likeliest('opne', statuses)).toEqual(['open'])
  expect(likeliest('On-Hold', statuses)).toEqual(['on_hold'])
  expect(likeliest('x', statuses)).toEqual(statuses)
})

test('what the API says of a question is worded, with what may stand there instead', () => {
  expect(wordProblem("there is no status 'opne'; choose one of closed, new, open")).toEqual({
    text: 'Status has no value “opne”.',
    instead: ['open'],
    typed: 'opne',
  })
  expect(wordProblem("'staus' is not a field; did you mean status? choose one of is, status")).toEqual({
    text: 'There is no filter “staus”. Put it in quotes to look for the text.',
    instead: ['status'],
    typed: 'staus',
  })
  expect(wordProblem('the question is longer than 1000 characters; shorten it')?.text).toBe(
    'The question is longer than 1,000 characters. Shorten it.',
  )
  expect(wordProblem('something new')).toBeUndefined()
})

test('what is offered stands in the question where the other stood', () => {
  expect(replaced('tag:refund status:opne x', 19, 'opne', 'open')).toBe('tag:refund status:open x')
  expect(replaced('team:"Bill ing"', 6, 'Bill ing', 'Billing Team')).toBe('team:"Billing Team"')
  expect(replaced('🙂 staus:open', 3, 'staus', 'status')).toBe('🙂 status:open')
})
