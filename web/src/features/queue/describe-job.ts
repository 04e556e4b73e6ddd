/** Says in words what a bulk job does. */
import { useQuery } from '@tanstack/react-query'
import type { Job } from '@/desk/jobs'
import { macrosQuery } from '@/desk/macros'
import { useProblemWords } from '@/desk/problem-words'
import { languageName } from '@/lib/locale'
import { deedOf } from './deed-of'
import type { Facet } from './filters'
import { t } from './messages'
import { useFacets } from './use-facets'

type Described = Pick<Job, 'action' | 'total'> & { body: unknown }

/** `label` names the values of filters, `macro` a macro, `words` the fields in a text, `name` what was chosen. */
function describeJob(
  { action, body, total }: Described,
  label: (facet: Facet, value: string) => string,
  macro: (id: number) => string | undefined,
  words: (text: string) => string,
  name?: string,
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
      return value === null ? t.bulk.noTeam(total) : t.bulk.team(total, of('team'))
    case 'language':
      return value === null ? t.bulk.noLanguage(total) : t.bulk.language(total, languageName(String(value)))
    case 'organization_id':
      return value === null ? t.bulk.noOrganization(total) : t.bulk.organization(total, name ?? of('organization'))
    case 'requester_id':
      return t.bulk.requester(total, name ?? of('requester'))
    case 'custom': {
      const [[field] = [], ...others] = Object.entries(value ?? {})
      return field === undefined || others.length ? t.bulk.update(total) : t.bulk.field(total, words(`custom.${field}`))
    }
    default:
      return t.bulk.update(total)
  }
}

/** Whom or what a job sets, as a filter for it would say it: its name is looked up. */
const filtersOf = (job: Described | undefined) => {
  const changes = job && deedOf(job).changes
  const of = (id: unknown) => (typeof id === 'number' ? String(id) : undefined)
  const [organization, requester] = [of(changes?.organization_id), of(changes?.requester_id)]
  return { ...(organization ? { organization } : {}), ...(requester ? { requester } : {}) }
}

/** The same with the names that this desk has. `job`: one that is told of later than it was begun. */
export function useDescribeJob(job?: Described) {
  const { label } = useFacets(filtersOf(job))
  const { text } = useProblemWords()
  const { data: macros } = useQuery(macrosQuery)
  return (job: Described, name?: string) =>
    describeJob(job, label, (id) => macros?.find((each) => each.id === id)?.name, text, name)
}
