import { expect, test } from 'vitest'
import { fromLocal, toLocal } from '@/lib/zoned'

test('a time is written on the clock of its person, whatever the season', () => {
  expect(toLocal('2026-11-21T08:30:00Z', 'Europe/Berlin')).toBe('2026-11-21T09:30')
  expect(toLocal('2026-07-01T23:30:00+00:00', 'Europe/Berlin')).toBe('2026-07-02T01:30')
  expect(fromLocal('2026-11-21T09:30', 'Europe/Berlin')).toBe('2026-11-21T08:30:00Z')
  expect(fromLocal('2026-07-02T01:30', 'Europe/Berlin')).toBe('2026-07-01T23:30:00Z')
  expect(fromLocal('2026-01-01T00:15', 'Pacific/Auckland')).toBe('2025-12-31T11:15:00Z')
  for (const zone of ['America/St_Johns', 'Asia/Kathmandu', 'Pacific/Chatham', 'UTC'])
    expect(toLocal(fromLocal('2026-03-29T12:05', zone) ?? '', zone)).toBe('2026-03-29T12:05')
})

test('an hour that the clock skips is the one after it, and one that comes twice is one of the two', () => {
  expect(fromLocal('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00Z')
  expect(toLocal(fromLocal('2026-10-25T02:30', 'Europe/Berlin') ?? '', 'Europe/Berlin')).toBe('2026-10-25T02:30')
})

test('what is no time is none', () => {
  expect(fromLocal('', 'UTC')).toBeUndefined()
  expect(toLocal('soon', 'UTC')).toBe('')
  expect(toLocal('2026-11-21T08:30:00Z', 'Mars/Olympus')).toMatch(/^2026-11-2\dT\d\d:30$/)
})
