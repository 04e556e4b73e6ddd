import { expect, test } from 'vitest'
import { textOf, withValue } from '@/features/customers/custom-values'

test('a number of a customer is read as it is written, and stays a number', () => {
  const values = { seats: 1234.5, plan: '12' }
  expect(textOf(values.seats)).toBe('1234.5')
  expect(withValue(values, 'seats', '1,500.25')).toEqual({ seats: 1500.25, plan: '12' })
  expect(withValue(values, 'seats', 'many')).toEqual({ seats: 'many', plan: '12' })
  expect(withValue(values, 'plan', '13')).toEqual({ seats: 1234.5, plan: '13' })
})
