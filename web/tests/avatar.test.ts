import { expect, test } from 'vitest'
import { initials } from '@/components/ui/avatar'

test('initials are the first letters of the first and the last word', () => {
  expect(initials('Maya Okafor')).toBe('MO')
  expect(initials('Elena Maria Kowalski')).toBe('EK')
  expect(initials('Cher')).toBe('C')
  expect(initials('ångström')).toBe('Å')
})

test('emoji and signs are no initials beside words, and stay whole without any', () => {
  expect(initials('🎉 Party Desk 🎉')).toBe('PD')
  expect(initials('Ada 👩‍👩‍👧')).toBe('A')
  expect(initials('👩‍👩‍👧 🏳️‍🌈')).toBe('👩‍👩‍👧')
  expect(initials('(Support) Team')).toBe('T')
  expect(initials('')).toBe('')
})
