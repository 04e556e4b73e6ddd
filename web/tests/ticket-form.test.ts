import { expect, test } from 'vitest'
import { fieldsToAsk, formsFor } from '@/desk/ticket-form'
import type { Schemas } from '@/lib/api/client'

const field = (key: string, more: Partial<Schemas['CustomField']> = {}): Schemas['CustomField'] => ({
  id: 1,
  version: 1,
  key,
  label: key,
  description: '',
  type: 'text',
  config: {},
  required_on_create: false,
  required_on_solve: false,
  visible_to: [],
  position: 0,
  filterable: false,
  active: true,
  created_at: '',
  updated_at: '',
  ...more,
})
const form = (fields: Schemas['FormField'][]): Schemas['TicketForm'] => ({
  id: 1,
  version: 1,
  name: 'Repair',
  description: '',
  position: 0,
  active: true,
  is_default: false,
  shown_to: ['agent'],
  fields,
  created_at: '',
  updated_at: '',
})
const keys = (...args: Parameters<typeof fieldsToAsk>) => fieldsToAsk(...args).map((each) => each.field.key)

test('without a form all fields in use are asked for, in the order of the desk', () => {
  const fields = [field('b', { position: 2 }), field('a', { position: 1 }), field('old', { active: false })]
  expect(keys(fields, undefined, {})).toEqual(['a', 'b'])
})

test('a form has its own order and demands, and what is not on it is shown while it has a value', () => {
  const fields = [
    field('serial', { required_on_solve: true }),
    field('area', { required_on_solve: true }),
    field('note'),
    field('odd', { required_on_create: true }),
  ]
  const asked = form([{ field: 'area', required: 'create' }, { field: 'serial' }, { field: 'note', required: 'solve' }])
  expect(fieldsToAsk(fields, asked, {}).map((each) => [each.field.key, each.required])).toEqual([
    ['area', 'create'],
    ['serial', 'solve'],
    ['note', 'solve'],
  ])
  expect(fieldsToAsk(fields, asked, { odd: 'x' }).at(-1)).toMatchObject({ field: { key: 'odd' }, required: null })
})

test('a field comes up with the value it depends on, one item of a list is enough, and a hidden one hides the next', () => {
  const fields = [
    field('parts', { type: 'multiselect' }),
    field('serial', { visible_when: { field: 'parts', in: ['disk', 'fan'] } }),
    field('photo', { visible_when: { field: 'serial', in: ['X1'] } }),
  ]
  expect(keys(fields, undefined, { parts: ['screen'], serial: 'X1' })).toEqual(['parts'])
  expect(keys(fields, undefined, { parts: ['screen', 'disk'] })).toEqual(['parts', 'serial'])
  expect(keys(fields, undefined, { parts: ['fan'], serial: 'X1' })).toEqual(['parts', 'serial', 'photo'])
  const ring = [
    field('a', { visible_when: { field: 'b', in: [true] } }),
    field('b', { visible_when: { field: 'a', in: [true] } }),
  ]
  expect(keys(ring, undefined, { a: true, b: true })).toEqual([])
})

test('the condition of a form takes the place of the field’s own', () => {
  const fields = [field('area'), field('serial', { visible_when: { field: 'area', in: ['web'] } })]
  const asked = form([{ field: 'area' }, { field: 'serial', visible_when: { field: 'area', in: ['mail'] } }])
  expect(keys(fields, asked, { area: 'mail' })).toEqual(['area', 'serial'])
  expect(keys(fields, asked, { area: 'web' })).toEqual(['area'])
})

test('an agent chooses among the forms that are shown to them, an admin among all in use', () => {
  const forms = [
    { ...form([]), id: 1 },
    { ...form([]), id: 2, active: false },
    { ...form([]), id: 3, shown_to: ['customer' as const] },
    { ...form([]), id: 4, team_ids: [7] },
    { ...form([]), id: 5, team_ids: [8, 9] },
  ]
  const offered = (role: 'admin' | 'agent') => formsFor(forms, { role, team_ids: [9] }).map(({ id }) => id)
  expect(offered('agent')).toEqual([1, 5])
  expect(offered('admin')).toEqual([1, 3, 4, 5])
})
