import { expect, test } from 'vitest'
import { readFilters, toQuery } from '@/features/queue/filters'

test('a queue shows active work unless it is told otherwise', () => {
  expect(toQuery({})).toEqual({ status_category: 'active' })
  expect(toQuery({ category: 'all' })).toEqual({})
  expect(toQuery({ category: 'pending', team: '3' })).toEqual({ status_category: 'pending', team: '3' })
  expect(toQuery({ status: 'solved' })).toEqual({ status: 'solved' })
})

test('an address brings only what a queue knows', () => {
  expect(readFilters({ team: 3, q: 'card', evil: 'x', sort: ['a'] })).toEqual({ team: '3', q: 'card' })
})
