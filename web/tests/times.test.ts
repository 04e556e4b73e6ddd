import { expect, test } from 'vitest'
import { timesIn } from '@/desk/times'
import { languageName, localeOf } from '@/lib/locale'
import { languageOf } from '@/lib/messages'

test('times read in the zone of who is signed in, days included', () => {
  const noon = Date.parse('2026-11-21T12:00:00Z')
  const berlin = timesIn('Europe/Berlin', 'en', () => noon)
  const auckland = timesIn('Pacific/Auckland', 'en', () => noon)
  expect(berlin.exact('2026-11-21T07:17:00Z')).toBe('21 Nov, 08:17')
  expect(berlin.clock('2026-11-20T23:30:00Z')).toBe('00:30')
  expect(berlin.day('2026-11-20T23:30:00Z')).toBe('Today')
  expect(berlin.day('2026-11-20T22:30:00Z')).toBe('Yesterday')
  expect(auckland.day('2026-11-20T10:00:00Z')).toBe('20 November 2026')
})

test('a zone that the browser does not know costs nothing but the zone', () => {
  expect(timesIn('Mars/Olympus').clock('2026-11-21T07:17:00Z')).toMatch(/^\d\d:17$/)
})

test('a locale that is none costs nothing but its order of day and month', () => {
  const noon = '2026-11-21T12:00:00Z'
  expect(timesIn('UTC', 'not a locale!!').exact(noon)).toBe('21 Nov, 12:00')
  expect(timesIn('UTC', '').exact(noon)).toBe('21 Nov, 12:00')
  expect(timesIn('UTC', 'de_DE').exact(noon)).toBe(timesIn('UTC', 'de-DE').exact(noon))
  expect([localeOf('de_DE'), localeOf('not a locale!!'), localeOf(undefined)]).toEqual(['de-DE', undefined, undefined])
  expect([languageOf('de_DE'), languageOf('DE'), languageOf('not a locale!!')]).toEqual(['de', 'de', undefined])
  expect([languageName('de'), languageName('pt_BR'), languageName('not a locale!!')]).toEqual([
    'German',
    'Brazilian Portuguese',
    'not a locale!!',
  ])
})
