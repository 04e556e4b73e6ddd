import { expect, test } from 'vitest'
import { ownVersion, recordVersion } from '@/desk/own-versions'
import { timesIn } from '@/desk/times'
import { filterByLetters } from '@/features/palette/filter-by-letters'
import { linkAddress } from '@/features/ticket/composer/link-address'

test('a few letters find a command, the closest first', () => {
  const commands = ['Log out', 'Write an internal note', 'New ticket', 'Waiting on customer', 'Unassigned']
  const find = (typed: string) => filterByLetters(typed, commands, (command) => command)
  expect(find('new')[0]).toBe('New ticket')
  expect(find('wri note')).toEqual(['Write an internal note'])
  expect(find('woc')[0]).toBe('Waiting on customer')
  expect(find('xyz')).toEqual([])
  expect(find('')).toEqual(commands)
})

test('a link leads where it may, and nowhere else', () => {
  expect(linkAddress('example.com/help')).toBe('https://example.com/help')
  expect(linkAddress('http://localhost:8080/a')).toBe('http://localhost:8080/a')
  expect(linkAddress('localhost:8080')).toBe('https://localhost:8080')
  expect(linkAddress('ada@example.com')).toBe('mailto:ada@example.com')
  expect(linkAddress('javascript:alert(1)')).toBeNull()
  expect(linkAddress('data:text/html,x')).toBeNull()
  expect(linkAddress('two words')).toBeNull()
  expect(linkAddress('')).toBeNull()
})

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

test('a change of one’s own follows on one’s last, somebody else’s does not', () => {
  recordVersion(1, 4, 5)
  recordVersion(1, 5, 6)
  expect(ownVersion(1, 4)).toBe(6)
  expect(ownVersion(1, 3)).toBe(3)
  expect(ownVersion(2, 4)).toBe(4)
})
