import { expect, test } from 'vitest'
import { addDays, daysOfMonth } from '@/lib/month'

test('days are counted on over months and years; a shorter month has its last day', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
  expect(addDays('2027-01-31', 0, 1)).toBe('2027-02-28')
  expect(addDays('2027-01-15', 0, -12)).toBe('2026-01-15')
  // Beyond the years that a date can have nothing moves.
  expect(addDays('9999-12-31', 1)).toBe('9999-12-31')
})

test('the weeks of a month are whole, from the first day of the week', () => {
  const weeks = daysOfMonth('2027-01-20', 1)
  expect(weeks.map((week) => [week[0], week[6]])).toEqual([
    ['2026-12-28', '2027-01-03'],
    ['2027-01-04', '2027-01-10'],
    ['2027-01-11', '2027-01-17'],
    ['2027-01-18', '2027-01-24'],
    ['2027-01-25', '2027-01-31'],
  ])
  expect(daysOfMonth('2027-02-01', 1)).toHaveLength(4)
  expect(daysOfMonth('2027-02-01', 7)[0]?.[0]).toBe('2027-01-31')
})
