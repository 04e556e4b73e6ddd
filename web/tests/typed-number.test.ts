import { expect, test } from 'vitest'
import { readNumber, writeNumber } from '@/lib/typed-number'

const both = (text: string) => [readNumber(text, 'de'), readNumber(text, 'en')]

test('a number that can be read in one way only is read so in every language', () => {
  for (const text of ['1.234,50', '1,234.50', '1234.50', '1234,5', ' 1 234,5 ', "1'234.5", '01234.5'])
    expect(both(text), text).toEqual([1234.5, 1234.5])
  expect(both('12,5')).toEqual([12.5, 12.5])
  expect(both('0.125')).toEqual([0.125, 0.125])
  expect(both('.5')).toEqual([0.5, 0.5])
  expect(both('1.234.567')).toEqual([1234567, 1234567])
  expect(both('-7')).toEqual([-7, -7])
  expect(both('−7')).toEqual([-7, -7])
})

test('where there are two ways the language decides', () => {
  expect(both('1.234')).toEqual([1234, 1.234])
  expect(both('1,234')).toEqual([1.234, 1234])
  expect(both('-12.345')).toEqual([-12345, -12.345])
})

test('what is no number is none', () => {
  for (const text of ['', 'many', '1.2.3', '12.34.567', '1,2,3.5', '1.234,5,6', '0x10', '1e5', '--1', '1-2', ',', '.'])
    expect(both(text), text).toEqual([undefined, undefined])
})

test('what is shown reads as what it was', () => {
  expect(writeNumber(1234.5, 'de')).toBe('1234,5')
  expect(writeNumber(1234.5, 'en')).toBe('1234.5')
  for (const locale of ['de', 'en'])
    for (const value of [0, -0.25, 1234, 1.234, 1234567.125, 20260001, -12345])
      expect(readNumber(writeNumber(value, locale), locale)).toBe(value)
})
