/**
 * The changes an agent makes to a ticket: what the API is sent, and what is shown until it answers. The queue, the bar
 * of its selection and the ticket's page make the same ones, and change-tickets.ts sends them.
 */
import type { Schemas } from '@/lib/api/client'
import { type Agent, type Status, statusOf } from './config'
import type { Known, Shown } from './pending-changes'
import type { Ticket } from './tickets'

export interface TicketChange {
  /** A verb of the API, which decides what it means on this desk; without one the ticket is patched. */
  verb?: 'solve' | 'reopen'
  body: Schemas['UpdateTicket']
  shown: Shown
}

/** Whether it is meant to end in a status that counts as solved. */
export const isSolving = ({ verb, shown }: TicketChange) => verb === 'solve' || shown.status_category === 'solved'

type Statuses = Schemas['Page_Status'] | undefined

/** Until the answer comes, the status is shown that the API is going to choose. */
const byVerb = (verb: 'solve' | 'reopen', category: Schemas['StatusCategory'], statuses: Statuses): TicketChange => {
  const status = statusOf(statuses, category)
  return { verb, body: {}, shown: { status_category: category, ...(status ? { status: status.key } : {}) } }
}

export const solve = (statuses: Statuses) => byVerb('solve', 'solved', statuses)

export const reopen = (statuses: Statuses) => byVerb('reopen', 'open', statuses)

export const setStatus = ({ key, category }: Status): TicketChange => ({
  body: { status: key },
  shown: { status: key, status_category: category },
})

/** Null leaves the ticket without an assignee. */
export const assign = (agent: Agent | null): TicketChange => ({
  body: { assignee_id: agent?.id ?? null },
  shown: { assignee: agent && { id: agent.id, name: agent.name } },
})

/** Null leaves the ticket without a team. */
export const setTeam = (team: Pick<Schemas['Team'], 'id' | 'name' | 'color'> | null): TicketChange => ({
  body: { team_id: team?.id ?? null },
  shown: { team: team && { id: team.id, name: team.name, color: team.color } },
})

export const setForm = (form: Schemas['Named'] | null): TicketChange => ({
  body: { form_id: form?.id ?? null },
  shown: { form: form && { id: form.id, name: form.name } },
})

export const setRequester = (person: Schemas['Person']): TicketChange => ({
  body: { requester_id: person.id },
  shown: { requester: person },
})

export const setOrganization = (organization: Schemas['Named'] | null): TicketChange => ({
  body: { organization_id: organization?.id ?? null },
  shown: { organization },
})

/** A column that is shown as it is sent. */
const setColumn = <K extends 'subject' | 'priority' | 'type' | 'tags' | 'language'>(
  key: K,
  value: Ticket[K],
): TicketChange => ({
  body: { [key]: value },
  shown: { [key]: value },
})

export const setSubject = (subject: string) => setColumn('subject', subject)
export const setPriority = (key: string) => setColumn('priority', key)
export const TICKET_TYPES = ['question', 'incident', 'problem', 'task'] as const

export const setType = (type: Ticket['type']) => setColumn('type', type)
export const setTags = (tags: string[]) => setColumn('tags', tags)
export const setLanguage = (language: string | null) => setColumn('language', language)

/** The skills that whoever gets the ticket has to have, and those that are better to have. */
export const setSkills = (skills: Pick<Ticket, 'required_skills' | 'preferred_skills'>): TicketChange => ({
  body: skills,
  shown: skills,
})

/** Null empties the field. */
export const setCustomField = (key: string, value: unknown): TicketChange => ({
  body: { custom: { [key]: value } },
  shown: { custom: { [key]: value } },
})

/** Columns that a change may set, by the key of the body. */
const COLUMNS = {
  subject: 'subject',
  status: 'status',
  priority: 'priority',
  type: 'type',
  team_id: 'team',
  assignee_id: 'assignee',
  organization_id: 'organization',
  requester_id: 'requester',
  tags: 'tags',
  required_skills: 'required_skills',
  preferred_skills: 'preferred_skills',
  language: 'language',
  form_id: 'form',
} as const

type Key = keyof typeof COLUMNS

/** The value of a column as a body has it: a reference is its id. */
function sentAs(ticket: Known, key: Key): unknown {
  const value: unknown = ticket[COLUMNS[key]] ?? null
  return key.endsWith('_id') && value && typeof value === 'object' && 'id' in value ? value.id : value
}

const isKey = (path: string): path is Key => Object.hasOwn(COLUMNS, path)

/** The value that a ticket has at a path, as a body has it. */
export const sentValue = (ticket: Known, path: string): unknown =>
  path.startsWith('custom.')
    ? (ticket.custom?.[path.slice('custom.'.length)] ?? null)
    : isKey(path)
      ? sentAs(ticket, path)
      : undefined

export const sameValue = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

interface Difference {
  /** The column, or `custom.` and a field's key. */
  path: string
  before: unknown
  after: unknown
}

/** What two versions of a ticket differ in, of the columns that both know. */
export function differences(before: Known, after: Known): Difference[] {
  const columns = (Object.keys(COLUMNS) as Key[])
    .filter((key) => COLUMNS[key] in before && COLUMNS[key] in after)
    .map((key) => ({ path: key as string, before: sentAs(before, key), after: sentAs(after, key) }))
  const rows = before.snippet !== undefined || after.snippet !== undefined
  const both = before.custom && after.custom ? { ...before.custom, ...after.custom } : {}
  const keys = Object.keys(both).filter((key) => !rows || (before.custom && key in before.custom))
  const fields = keys.map((key) => ({
    path: `custom.${key}`,
    before: before.custom?.[key] ?? null,
    after: after.custom?.[key] ?? null,
  }))
  return [...columns, ...fields].filter((each) => !sameValue(each.before, each.after))
}

/** The columns and custom fields that a change sets. */
export function pathsOf({ verb, body }: TicketChange): string[] {
  const { custom, ...columns } = body
  return [
    ...(verb ? ['status'] : []),
    ...Object.keys(columns),
    ...Object.keys(custom ?? {}).map((key) => `custom.${key}`),
  ]
}

const omit = (object: object, left: string[], prefix = '') =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !left.includes(prefix + key)))

/** The change without these paths: what the other person set there stays. */
export function changeWithout({ verb, body, shown }: TicketChange, left: string[]): TicketChange {
  const fields = (custom: Record<string, unknown> | undefined) => {
    const kept = omit(custom ?? {}, left, 'custom.')
    return Object.keys(kept).length ? { custom: kept } : {}
  }
  const { custom, ...columns } = body
  const { custom: shownCustom, ...shownColumns } = shown
  const status = left.includes('status')
  const gone = [...left.map((path) => path.replace(/_id$/, '')), ...(status ? ['status_category'] : [])]
  return {
    ...(verb && !status ? { verb } : {}),
    body: { ...omit(columns, left), ...fields(custom) },
    shown: { ...omit(shownColumns, gone), ...fields(shownCustom) },
  }
}

/** The change that puts a ticket back to how it was, together with what rules changed on top. */
export function inverseOf(before: Known, after: Known): TicketChange {
  const body: Record<string, unknown> = {}
  const custom: Record<string, unknown> = {}
  const shown: Record<string, unknown> = {}
  for (const { path, before: value } of differences(before, after)) {
    if (path.startsWith('custom.')) custom[path.slice(7)] = value
    else {
      body[path] = value
      shown[COLUMNS[path as Key]] = before[COLUMNS[path as Key]] ?? null
    }
  }
  if ('status' in body) shown.status_category = before.status_category
  const fields = Object.keys(custom).length > 0
  return {
    body: { ...body, ...(fields ? { custom } : {}) },
    shown: { ...shown, ...(fields ? { custom } : {}) } as Shown,
  }
}
