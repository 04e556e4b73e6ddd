import { expect, test } from 'vitest'
import { conditionsOf, filtersOf, namedIn } from '@/features/queue/conditions'
import type { Filters } from '@/features/queue/filters'
import type { Schemas } from '@/lib/api/client'

const status = (key: string, category: string) => ({ key, category }) as Schemas['Status']

const desk = {
  statuses: [
    status('new', 'new'),
    status('open', 'open'),
    status('in_hand', 'open'),
    status('pending', 'pending'),
    status('on_hold', 'on_hold'),
    status('solved', 'solved'),
    status('closed', 'closed'),
  ],
  teams: [{ id: 3, name: 'Billing' } as Schemas['Team'], { id: 4, name: 'Tech' } as Schemas['Team']],
  names: new Map([
    ['organization-12', 'Cobalt Robotics'],
    ['organization-13', 'Halcyon'],
    ['requester-7', 'elena@cobalt.example'],
  ]),
  ids: new Map([
    ['organization-Cobalt Robotics', '12'],
    ['organization-Halcyon', '13'],
    ['requester-elena@cobalt.example', '7'],
  ]),
}

const facets: Filters[] = [
  {},
  { category: 'all' },
  { category: 'pending' },
  { status: 'in_hand' },
  { category: 'all', priority: 'high,urgent' },
  { assignee: 'me' },
  { assignee: '7,none' },
  { team: '3' },
  { team: '3,none' },
  { team: 'none' },
  { channel: 'email,web' },
  { type: 'incident' },
  { tag: 'refund,vip' },
  { requester: '7' },
  { organization: '12' },
  { organization: '12,13', priority: 'high' },
  { created: '24h', updated: '7d' },
  { q: 'card' },
]

for (const filters of facets)
  test(`a view of ${JSON.stringify(filters)} opens as the same filters`, () => {
    expect(filtersOf(conditionsOf(filters, desk), desk)).toEqual(filters)
  })

test('a view names organizations and customers at any depth', () => {
  const named = namedIn({
    all: [
      { field: 'organization', op: 'is', value: 'Halcyon' },
      { none: [{ any: [{ field: 'requester.email', op: 'in', value: ['elena@cobalt.example'] }] }] },
      { field: 'subject', op: 'contains', value: 'card' },
    ],
  })
  expect(named).toEqual([
    { kind: 'organization', name: 'Halcyon' },
    { kind: 'requester', name: 'elena@cobalt.example' },
  ])
})

test('what is not found, or says more than filters can, is left to the API', () => {
  const gone = { ...desk, ids: new Map<string, string>() }
  expect(filtersOf({ field: 'organization', op: 'is', value: 'Halcyon' }, gone)).toBeUndefined()
  expect(filtersOf({ field: 'organization', op: 'absent' }, desk)).toBeUndefined()
  expect(filtersOf({ any: [{ field: 'priority', op: 'is', value: 'high' }] }, desk)).toBeUndefined()
})
