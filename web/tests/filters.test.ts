import { expect, test } from 'vitest'
import type { Row } from '@/desk/tickets'
import { countOf, matches, readFilters, toQuery, withFilters } from '@/features/queue/filters'

const row: Row = {
  id: 53210,
  version: 1,
  subject: 'Card declined',
  snippet: '',
  status: 'open',
  status_category: 'open',
  priority: 'high',
  type: 'question',
  channel: 'email',
  requester: { id: 1, name: 'Ada' },
  assignee: { id: 7, name: 'Maya' },
  team: { id: 3, name: 'Billing', color: '#000' },
  tags: [],
  created_at: '2026-11-21T07:00:00Z',
  updated_at: '2026-11-21T07:00:00Z',
} as Row

test('a queue shows active work unless it is told otherwise', () => {
  expect(toQuery({})).toEqual({ status_category: 'active' })
  expect(toQuery({ category: 'all' })).toEqual({})
  expect(toQuery({ category: 'pending', team: '3' })).toEqual({ status_category: 'pending', team: '3' })
  expect(toQuery({ status: 'solved' })).toEqual({ status: 'solved' })
})

test('an address brings only what a queue knows', () => {
  expect(readFilters({ team: 3, q: 'card', evil: 'x', sort: ['a'] })).toEqual({ team: '3', q: 'card' })
})

test('an empty value takes a filter away', () => {
  expect(withFilters({ team: '3', q: 'card' }, { q: '', priority: 'high' })).toEqual({ team: '3', priority: 'high' })
})

test('a row matches the filters under which the API would list it', () => {
  for (const filters of [
    {},
    { assignee: 'me' },
    { assignee: '7' },
    { team: '3', priority: 'low,high' },
    { q: 'CARD' },
    { q: '53210' },
    { category: 'all', channel: 'email' },
    { status: 'open' },
  ])
    expect(matches(filters, row, 7), JSON.stringify(filters)).toBe(true)
  for (const filters of [
    { assignee: 'none' },
    { assignee: '8' },
    { team: 'none' },
    { category: 'pending' },
    { q: 'invoice' },
    { priority: 'low' },
    { status: 'solved' },
  ])
    expect(matches(filters, row, 7), JSON.stringify(filters)).toBe(false)
  expect(matches({ assignee: 'me' }, row, 8)).toBe(false)
  expect(matches({}, { ...row, status_category: 'solved' }, 7)).toBe(false)
  expect(matches({ assignee: 'none' }, { ...row, assignee: null }, 7)).toBe(true)
})

test('only what the desk counts has a count', () => {
  const counts = { views: { mine: 12, active: 277, waiting: 61 }, teams: { '3': 46 } }
  expect(countOf({}, counts)).toBe(277)
  expect(countOf({ sort: '-priority' }, counts)).toBe(277)
  expect(countOf({ assignee: 'me' }, counts)).toBe(12)
  expect(countOf({ category: 'pending' }, counts)).toBe(61)
  expect(countOf({ team: '3' }, counts)).toBe(46)
  expect(countOf({ team: '3', q: 'card' }, counts)).toBeUndefined()
  expect(countOf({ assignee: '7' }, counts)).toBeUndefined()
  expect(countOf({}, undefined)).toBeUndefined()
})
