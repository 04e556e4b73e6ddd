import { expect, test } from 'vitest'
import { filterByLetters, holdsWords } from '@/features/palette/filter-by-letters'

test('a few letters find a command, the closest first', () => {
  const commands = ['Log out', 'Write an internal note', 'New ticket', 'Waiting on customer', 'Unassigned']
  const find = (typed: string) => filterByLetters(typed, commands, (command) => command)
  expect(find('new')[0]).toBe('New ticket')
  expect(find('wri note')).toEqual(['Write an internal note'])
  expect(find('woc')[0]).toBe('Waiting on customer')
  expect(find('xyz')).toEqual([])
  expect(find('')).toEqual(commands)
})

test('the words that are typed are more than their letters', () => {
  expect(holdsWords('wri note', 'Write an internal note')).toBe(true)
  expect(holdsWords('MUNCHEN', 'Team München')).toBe(true)
  expect(holdsWords('refund', 'Recently refined, unread')).toBe(false)
})
