/** Says in words what a bulk job does. */
import { useQuery } from '@tanstack/react-query'
import { macrosQuery } from '@/desk/macros'
import { useProblemWords } from '@/desk/problem-words'
import type { Job } from './bulk-jobs'
import { deedOf } from './deed-of'
import type { Facet } from './filters'
import { t } from './messages'
import { useFacets } from './use-facets'

type Described = Pick<Job, 'action' | 'total'> & { body: unknown }

/** `label` names the values of filters, `macro` a macro, `words` the fields in a text. */
function describeJob(
  { action, body, total }: Described,
  label: (facet: Facet, value: string) => string,
  macro: (id: number) => string | undefined,
  words: (text: string) => string,
): string {
  const { changes = {}, add_tags, remove_tags, into, macro_id } = deedOf({ action, body })
  if (action === 'macro') return t.bulk.macro(total, macro(macro_id ?? 0) ?? `#${macro_id}`)
  if (action === 'merge') return t.bulk.merge(total, into ?? 0)
  if (action === 'delete') return t.bulk.trash(total)
  if (action === 'restore') return t.bulk.restore(total)
  if (add_tags) return t.bulk.addTags(total, add_tags.join(', '))
  if (remove_tags) return t.bulk.removeTags(total, remove_tags.join(', '))
  const [[key, value] = [], ...more] = Object.entries(changes)
  if (key === undefined || more.length) return t.bulk.update(total)
  const of = (facet: Facet) => label(facet, String(value))
  switch (key) {
    case 'status':
      return t.bulk.status(total, of('status'))
    case 'priority':
      return t.bulk.priority(total, of('priority'))
    case 'type':
      return t.bulk.type(total, of('type'))
    case 'assignee_id':
      return value === null ? t.bulk.unassign(total) : t.bulk.assign(total, of('assignee'))
    case 'team_id':
      return t.bulk.team(total, of('team'))
    case 'custom': {
      const [[field] = [], ...others] = Object.entries(value ?? {})
      return field === undefined || others.length ? t.bulk.update(total) : t.bulk.field(total, words(`custom.${field}`))
    }
    default:
      return t.bulk.update(total)
  }
}

const NO_FILTERS = {}

/** The same with the names that this desk has. */
export function useDescribeJob() {
  const { label } = useFacets(NO_FILTERS)
  const { text } = useProblemWords()
  const { data: macros } = useQuery(macrosQuery)
  return (job: Described) => describeJob(job, label, (id) => macros?.find((each) => each.id === id)?.name, text)
}
