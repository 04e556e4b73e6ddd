import { expect, test } from 'vitest'
import { timesIn } from '@/app/times'
import { address } from '@/features/editor/address'
import { fuzzyFilter } from '@/lib/fuzzy'
import { madeVersion, ownVersion } from '@/lib/versions'

test('a few letters find a command, the closest first', () => {
  const commands = ['Log out', 'Write an internal note', 'New ticket', 'Waiting on customer', 'Unassigned']
  const find = (typed: string) => fuzzyFilter(typed, commands, (command) => command)
  expect(find('new')[0]).toBe('New ticket')
  expect(find('wri note')).toEqual(['Write an internal note'])
  expect(find('woc')[0]).toBe('Waiting on customer')
  expect(find('xyz')).toEqual([])
  expect(find('')).toEqual(commands)
})

test('a link leads where it may, and nowhere else', () => {
  expect(address('example.com/help')).toBe('https://example.com/help')
  expect(address('http://localhost:8080/a')).toBe('http://localhost:8080/a')
  expect(address('localhost:8080')).toBe('https://localhost:8080')
  expect(address('ada@example.com')).toBe('mailto:ada@example.com')
  expect(address('javascript:alert(1)')).toBeNull()
  expect(address('data:text/html,x')).toBeNull()
  expect(address('two words')).toBeNull()
  expect(address('')).toBeNull()
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
  madeVersion(1, 4, 5)
  madeVersion(1, 5, 6)
  expect(ownVersion(1, 4)).toBe(6)
  expect(ownVersion(1, 3)).toBe(3)
  expect(ownVersion(2, 4)).toBe(4)
})
