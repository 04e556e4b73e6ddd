import { expect, test } from 'vitest'
import { instantOf, wallClock } from '../src/lib/zoned'

test('a wall clock of a zone and its point in time are one another', () => {
  expect(wallClock('2026-11-27T07:30:00Z', 'Europe/Berlin')).toEqual({ date: '2026-11-27', time: '08:30' })
  expect(instantOf('2026-11-27', '08:30', 'Europe/Berlin')).toBe('2026-11-27T07:30:00.000Z')
  expect(instantOf('2026-07-01', '00:00', 'Asia/Kolkata')).toBe('2026-06-30T18:30:00.000Z')
  expect(wallClock('2026-06-30T18:30:00Z', 'Asia/Kolkata')).toEqual({ date: '2026-07-01', time: '00:00' })
})

test('the hour left out in spring is the one after it, the hour that comes twice is the first', () => {
  expect(instantOf('2026-03-29', '02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
  expect(instantOf('2026-10-25', '02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
})

test('what is no date is no point in time', () => {
  expect(instantOf('', '08:30', 'Europe/Berlin')).toBeNull()
  expect(instantOf('2026-13-01', '08:30', undefined)).toBeNull()
})

test('a year that is just being typed is a year', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'UTC'])
    for (const date of ['0002-03-01', '0020-03-01', '0202-03-01', '2027-03-01']) {
      const instant = instantOf(date, '09:00', zone)
      expect(wallClock(instant ?? '', zone)).toEqual({ date, time: '09:00' })
    }
})
