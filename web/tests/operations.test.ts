import { expect, test } from 'vitest'
import { operations, unknown } from '../scripts/operations.mjs'

test('every operation of the API is called by this UI, or a reason is given why not', () => {
  const all = operations()
  const names = (some: typeof all) => some.map(({ id }) => id)
  expect(all.length).toBeGreaterThan(200)
  expect(names(all.filter(({ used, reason }) => !used.length && !reason))).toEqual([])
  // What is listed is so.
  expect(names(all.filter(({ stale }) => stale))).toEqual([])
  expect(unknown(all)).toEqual([])
})
