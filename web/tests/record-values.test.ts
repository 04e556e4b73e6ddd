import { expect, test } from 'vitest'
import { bodyOn, clashesOf, valuesAt, wantedOf } from '@/desk/record-values'

const seen = { name: 'Ada', phone: null, custom: { plan: 'gold', seats: 3 } }

test('of the fields that are sent whole, those alone are wanted that a change sets', () => {
  expect(wantedOf(seen, { phone: '1' })).toEqual({ phone: '1' })
  expect(wantedOf(seen, { custom: { plan: 'gold', seats: 4 } })).toEqual({ 'custom.seats': 4 })
  expect(wantedOf(seen, { custom: { seats: 3 } })).toEqual({ 'custom.plan': undefined })
})

test('a change is made on top of what others have set elsewhere', () => {
  const now = { name: 'Ada L.', phone: null, custom: { plan: 'silver', seats: 3, city: 'Kiel' } }
  const wanted = wantedOf(seen, { custom: { plan: 'gold', seats: 4 } })
  expect(clashesOf(seen, now, wanted)).toEqual([])
  expect(bodyOn(now, wanted)).toEqual({ custom: { plan: 'silver', seats: 4, city: 'Kiel' } })
  expect(bodyOn(now, wantedOf(seen, { custom: { plan: 'gold' } }))).toEqual({
    custom: { plan: 'silver', city: 'Kiel' },
  })
})

test('where both have set the same there is a clash, unless they agree', () => {
  expect(clashesOf(seen, { ...seen, phone: '2' }, { phone: '1' })).toEqual(['phone'])
  expect(clashesOf(seen, { ...seen, phone: '1' }, { phone: '1' })).toEqual([])
  expect(clashesOf(seen, { ...seen, custom: { plan: 'tin', seats: 3 } }, { 'custom.plan': 'iron' })).toEqual([
    'custom.plan',
  ])
})

test('an undo sets back what the change has set, and takes away what was not there', () => {
  const back = valuesAt(seen, ['phone', 'custom.city'])
  expect(back).toEqual({ phone: null, 'custom.city': null })
  expect(bodyOn({ ...seen, custom: { ...seen.custom, city: 'Kiel' } }, back)).toEqual({
    phone: null,
    custom: { plan: 'gold', seats: 3 },
  })
})
