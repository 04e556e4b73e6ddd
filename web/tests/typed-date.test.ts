import { expect, test } from 'vitest'
import { readDay, readMoment } from '@/lib/typed-date'
import { writeDay, writeMoment } from '@/lib/written-date'

const now = Date.parse('2026-11-27T22:30:00Z')
const german = { locale: 'de', zone: 'Europe/Berlin', now }
const british = { locale: 'en-GB', zone: 'Europe/London', now }
const american = { locale: 'en-US', zone: 'America/New_York', now }

test('a day is shown and read in the order of the region', () => {
  expect([german, british, american].map(({ locale }) => writeDay('2026-03-04', locale))).toEqual([
    '04.03.2026',
    '04/03/2026',
    '03/04/2026',
  ])
  for (const text of [
    '4.3.2026',
    '04.03.26',
    '4. März 2026',
    '4 mär 2026',
    '2026-03-04',
    '4. March 2026',
    '4.3.',
    ' 04.03.2026 ',
  ])
    expect(readDay(text, german), text).toBe('2026-03-04')
  expect(readDay('04/03/2026', british)).toBe('2026-03-04')
  expect(readDay('04/03/2026', american)).toBe('2026-04-03')
  for (const text of ['March 4, 2026', '4 Mar 2026', '3/4/26', '2026/3/4'])
    expect(readDay(text, american), text).toBe('2026-03-04')
})

test('a day is today, tomorrow, or some days on: by the clock of the zone', () => {
  // In Berlin it is 23:30, in Auckland the day after.
  expect(readDay('heute', german)).toBe('2026-11-27')
  expect(readDay('Morgen', german)).toBe('2026-11-28')
  expect(readDay('tomorrow', german)).toBe('2026-11-28')
  expect(readDay('gestern', german)).toBe('2026-11-26')
  expect(readDay('today', { locale: 'en', zone: 'Pacific/Auckland', now })).toBe('2026-11-28')
  for (const text of ['+3 d', '+3', '+3 Tage', '+ 3 t', '+3 days'])
    expect(readDay(text, german), text).toBe('2026-11-30')
  expect(readDay('-1 d', german)).toBe('2026-11-26')
  expect(readDay('+2 w', german)).toBe('2026-12-11')
  expect(readDay('+3 m', german)).toBe('2027-02-27')
  expect(readDay('+1 month', { ...german, now: Date.parse('2027-01-31T12:00:00Z') })).toBe('2027-02-28')
})

test('what is no day is none', () => {
  for (const text of [
    '',
    '27',
    'soon',
    '30.2.2026',
    '27.13.2026',
    '27.11.2',
    '27.11.202',
    '1.2.3.4',
    '27:11',
    '+3 x',
    '27 Mi 2026',
  ])
    expect(readDay(text, german), text).toBeUndefined()
})

test('a point in time is shown and read by the clock of the zone', () => {
  const at = '2026-11-27T13:30:00.000Z'
  expect(writeMoment(at, german)).toBe('27.11.2026 14:30')
  expect(writeMoment(at, british)).toBe('27/11/2026 13:30')
  expect(writeMoment(at, american)).toBe('11/27/2026 08:30 AM')
  for (const form of [german, british, american]) expect(readMoment(writeMoment(at, form), form)).toBe(at)
  for (const text of ['27.11.2026, 14:30', '27.11. 14.30 Uhr', '2026-11-27T14:30', 'heute um 14:30', '14:30', at])
    expect(readMoment(text, german), text).toBe(at)
  expect(readMoment('tomorrow at 9 am', american)).toBe('2026-11-28T14:00:00.000Z')
  expect(readMoment('11/28/2026 12:15 p.m.', american)).toBe('2026-11-28T17:15:00.000Z')
  expect(readMoment('+3 h', german)).toBe('2026-11-28T01:30:00.000Z')
})

test('a day without a time is its morning', () => {
  for (const text of ['28.11.2026', 'morgen', '+1 d', '28. November'])
    expect(readMoment(text, german), text).toBe('2026-11-28T08:00:00.000Z')
})

test('what is no point in time is none, and stays as it is', () => {
  for (const text of ['', '25:00', '27.11.2026 24:30', '27.11.2026 14:60', '13 pm', 'soon 14:30', '2026-13-01T10:00Z'])
    expect(readMoment(text, german), text).toBeUndefined()
  expect(writeMoment('soon', german)).toBe('soon')
  expect(writeDay('soon', 'de')).toBe('soon')
})
