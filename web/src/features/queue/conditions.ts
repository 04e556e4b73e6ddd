/**
 * Filters as the conditions of a saved view, and back: a view made here opens as chips again. Conditions that say more
 * than chips can are left to the API, and filters come on top of them.
 */
import type { Schemas } from '@/lib/api/client'
import { type Facet, type Filters, PERIODS } from './filters'

type Test = Schemas['ConditionTest']
type Condition = Schemas['Condition']

interface Desk {
  statuses: Schemas['Status'][]
  teams: Schemas['Team'][]
}

/** Names of organizations and addresses of customers, as conditions say them, by `organization-<id>`, `requester-<id>`. */
type Names = ReadonlyMap<string, string>

/** The other way round: ids by `organization-<name>` and `requester-<address>`. */
type Ids = ReadonlyMap<string, string>

const ACTIVE = ['new', 'open', 'pending', 'on_hold']

const categoriesOf = (category: string) => (category === 'active' ? ACTIVE : [category])

const keysOf = (statuses: Schemas['Status'][], categories: string[]) =>
  statuses.filter((status) => categories.includes(status.category)).map(({ key }) => key)

/** One of these values, or none at all where `none` is among them. */
const among = (field: string, values: string[], none: boolean): Condition => {
  const listed: Condition = { field, op: 'in', value: values }
  const absent: Condition = { field, op: 'absent' }
  if (!none) return listed
  return values.length ? { any: [listed, absent] } : absent
}

const SIMPLE: Partial<Record<Facet, string>> = { priority: 'priority', channel: 'channel', type: 'type' }

/** The conditions of these filters. `extra` is what a view has already. */
export function conditionsOf(
  filters: Filters,
  { statuses, teams, names }: Desk & { names: Names },
  extra?: Condition,
): Condition {
  const all: Condition[] = extra ? [extra] : []
  const values = (facet: Facet) => filters[facet]?.split(',').filter(Boolean) ?? []
  if (filters.status) all.push({ field: 'status', op: 'in', value: values('status') })
  const category = filters.category ?? (filters.status || extra ? 'all' : 'active')
  if (category !== 'all') all.push({ field: 'status', op: 'in', value: keysOf(statuses, categoriesOf(category)) })
  for (const [facet, field] of Object.entries(SIMPLE))
    if (filters[facet as Facet]) all.push({ field, op: 'in', value: values(facet as Facet) })
  const reference = (facet: Facet, field: string, name: (id: string) => string | undefined) => {
    const ids = values(facet)
    if (!ids.length) return
    const known = ids.filter((id) => id !== 'none').flatMap((id) => name(id) ?? [])
    all.push(among(field, known, ids.includes('none')))
  }
  reference('assignee', 'assignee', (id) => (id === 'me' ? 'current_user' : id))
  reference('team', 'team', (id) => teams.find((team) => String(team.id) === id)?.name)
  reference('organization', 'organization', (id) => names.get(`organization-${id}`))
  reference('requester', 'requester.email', (id) => names.get(`requester-${id}`))
  if (filters.tag) all.push({ field: 'tags', op: 'includes_any', value: values('tag') })
  for (const moment of ['created', 'updated'] as const) {
    const hours = PERIODS[filters[moment] ?? '']
    if (hours !== undefined) all.push({ field: `hours_since.${moment}`, op: 'less', value: hours })
  }
  if (filters.q) all.push({ field: 'subject', op: 'contains', value: filters.q })
  return { all }
}

const same = (one: string[], other: string[]) =>
  one.length === other.length && one.every((each) => other.includes(each))

/** What a test compares with, as texts: one value or several. */
const texts = ({ op, value }: Test, ops: Test['op'][] = ['is', 'in', 'includes_any']): string[] | undefined => {
  const listed = [value].flat()
  return ops.includes(op) && listed.every((each) => typeof each === 'string' || typeof each === 'number')
    ? listed.map(String)
    : undefined
}

/** What conditions name that filters know by its id. */
const kindOf = (field: string) =>
  field === 'organization' ? 'organization' : field === 'requester.email' ? 'requester' : undefined

/** The organizations and customers that these conditions name. */
export function namedIn(condition: Condition): { kind: 'organization' | 'requester'; name: string }[] {
  if ('all' in condition) return condition.all.flatMap(namedIn)
  if ('any' in condition) return condition.any.flatMap(namedIn)
  if ('none' in condition) return condition.none.flatMap(namedIn)
  const kind = kindOf(condition.field)
  return kind ? (texts(condition) ?? []).map((name) => ({ kind, name })) : []
}

/** The filters that say the same as one test, or nothing when there are none. */
function filterOf(test: Test, { statuses, teams, ids }: Desk & { ids: Ids }): Filters | undefined {
  const { field, op } = test
  if (field === 'status') {
    const left = texts(test, ['is_not', 'not_in'])
    const keys = left ? statuses.map(({ key }) => key).filter((key) => !left.includes(key)) : texts(test)
    if (!keys) return undefined
    const category = ['active', ...ACTIVE, 'solved', 'closed'].find((each) =>
      same(keysOf(statuses, categoriesOf(each)), keys),
    )
    // A queue without any of these shows active work.
    if (category === 'active') return { category: '' }
    return category ? { category } : { status: keys.join(',') }
  }
  if (op === 'absent' && (field === 'assignee' || field === 'team')) return { [field]: 'none' }
  if (field === 'subject' && op === 'contains' && typeof test.value === 'string') return { q: test.value }
  const moment = field.match(/^hours_since\.(created|updated)$/)?.[1]
  if (moment && op === 'less') {
    const period = Object.keys(PERIODS).find((each) => PERIODS[each] === test.value)
    return period ? { [moment]: period } : undefined
  }
  const values = texts(test)
  if (!values) return undefined
  if (field === 'assignee') return { assignee: values.map((each) => (each === 'current_user' ? 'me' : each)).join(',') }
  if (field === 'team') {
    const found = values.flatMap((name) => teams.find((team) => team.name === name)?.id ?? [])
    return found.length === values.length ? { team: found.join(',') } : undefined
  }
  const kind = kindOf(field)
  if (kind) {
    const found = values.flatMap((name) => ids.get(`${kind}-${name}`) ?? [])
    return found.length === values.length ? { [kind]: found.join(',') } : undefined
  }
  if (field === 'tags' && op === 'includes_any') return { tag: values.join(',') }
  const facet = Object.entries(SIMPLE).find(([, name]) => name === field)?.[0]
  return facet ? { [facet]: values.join(',') } : undefined
}

/** The filters that say the same as these conditions; nothing when they say more than filters can. */
export function filtersOf(condition: Condition, desk: Desk & { ids: Ids }): Filters | undefined {
  const tests = 'all' in condition ? condition.all : [condition]
  const filters: Filters = {}
  for (const test of tests) {
    let found: Filters | undefined
    if ('any' in test) {
      const parts = test.any.map((each) => ('field' in each ? filterOf(each, desk) : undefined))
      const [one, other] = parts
      const key = Object.keys(one ?? {})[0] as Facet | undefined
      if (parts.length === 2 && key && one?.[key] && other?.[key]) found = { [key]: `${one[key]},${other[key]}` }
    } else if ('field' in test) found = filterOf(test, desk)
    if (!found) return undefined
    for (const [key, value] of Object.entries(found)) {
      // Two tests of one field are more than one chip can say.
      if (key in filters) return undefined
      filters[key as Facet] = value
    }
  }
  if (!('category' in filters) && !filters.status) filters.category = 'all'
  if (!filters.category) delete filters.category
  return filters
}
