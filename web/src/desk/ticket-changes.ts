/**
 * The changes an agent makes to a ticket: what the API is sent, and what is shown until it answers. The queue, the bar
 * of its selection and the ticket's page make the same ones, and change-tickets.ts sends them.
 */
import type { Schemas } from '@/lib/api/client'
import { type Agent, type Status, statusOf } from './config'
import type { Ticket } from './tickets'

export interface TicketChange {
  /** A verb of the API, which decides what it means on this desk; without one the ticket is patched. */
  verb?: 'solve' | 'reopen'
  body: object
  shown: Partial<
    Pick<Ticket, 'subject' | 'status' | 'status_category' | 'priority' | 'type' | 'team' | 'assignee' | 'tags'>
  >
}

type Statuses = Schemas['Page_Status'] | undefined

/** Until the answer comes, the status is shown that the API is going to choose. */
const byVerb = (verb: 'solve' | 'reopen', category: string, statuses: Statuses): TicketChange => {
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

export const setTeam = ({ id, name, color }: Schemas['Team']): TicketChange => ({
  body: { team_id: id },
  shown: { team: { id, name, color } },
})

/** A column that is shown as it is sent. */
const setColumn = <K extends 'subject' | 'priority' | 'type' | 'tags'>(key: K, value: Ticket[K]): TicketChange => ({
  body: { [key]: value },
  shown: { [key]: value },
})

export const setSubject = (subject: string) => setColumn('subject', subject)
export const setPriority = (key: string) => setColumn('priority', key)
export const setType = (type: string) => setColumn('type', type)
export const setTags = (tags: string[]) => setColumn('tags', tags)

/** Not shown before the API has checked it: a wrong value stays in its field, beside what is wrong with it. */
export const setCustomField = (key: string, value: unknown): TicketChange => ({
  body: { custom: { [key]: value } },
  shown: {},
})
