import { expect, test } from 'vitest'
import { linkAddress } from '@/desk/editor/link-address'

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
