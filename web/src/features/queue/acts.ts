/** What can be done to tickets from the list: to one at once, to several by a bulk job. */
import { useQueryClient } from '@tanstack/react-query'
import { useChangeTickets } from '@/desk/change-tickets'
import type { TicketChange } from '@/desk/ticket-changes'
import { type Row, showRow } from '@/desk/tickets'
import type { Schemas } from '@/lib/api/client'
import { type Deed, type Target, useJobs } from './bulk-jobs'
import { useDescribeJob } from './describe-job'

export type ActKind =
  | 'assignee'
  | 'team'
  | 'priority'
  | 'status'
  | 'type'
  | 'tags'
  | 'untag'
  | 'field'
  | 'requester'
  | 'organization'
  | 'language'
  | 'macro'
  | 'merge'
  | 'trash'

/** The tickets that an act is for. */
export interface Aim {
  /** Those of them that are loaded. */
  rows: Row[]
  target: Target
  count: number
}

/** The columns that a change sets, as a job takes them: it knows no verbs. */
const changesOf = ({ verb, body, shown }: TicketChange): Schemas['BulkChanges'] =>
  verb ? { status: shown.status ?? '' } : body

export function useActs() {
  const client = useQueryClient()
  const changeTickets = useChangeTickets()
  const { start } = useJobs()
  const describe = useDescribeJob()
  /** `name`: of whom or what it sets, where its number says nothing. */
  const run = (aim: Aim, deed: Deed, name?: string) => {
    const { action } = deed
    start(describe({ action, body: deed, total: aim.count }, name), deed, aim.target)
  }
  /** The same change of all of them, shown at once where they are loaded. */
  const change = (aim: Aim, what: TicketChange) => {
    const [row] = aim.rows
    if (aim.count === 1 && row) {
      // What a colleague has is not taken without a word: the notice says from whom, and offers to give it back.
      changeTickets.mutate({ rows: [row], change: what })
      return
    }
    for (const each of aim.rows)
      showRow(client, {
        ...each,
        ...what.shown,
        // Of the custom fields only those that the list shows.
        ...(what.shown.custom ? { custom: { ...each.custom, ...what.shown.custom } } : {}),
      } as Row)
    const { organization, requester } = what.shown
    run(aim, { action: 'update', changes: changesOf(what) }, organization?.name ?? requester?.name)
  }
  return { change, run }
}
