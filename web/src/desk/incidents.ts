/**
 * A problem that is solved solves its open incidents and answers their requesters: which ones is told after it, as is,
 * when it is undone, that they stay solved.
 */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { api, unwrap } from '@/lib/api/client'
import { statusesQuery } from './config'
import { t } from './messages'
import type { Known } from './pending-changes'

export const linksKey = (id: number) => ['tickets', id, 'links'] as const

/** The tickets that one is linked with. */
export const linksQuery = (id: number) =>
  queryOptions({
    queryKey: linksKey(id),
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/{id}/links', { params: { path: { id } }, signal })),
  })

export interface Incidents {
  solved: number[]
  /** Something is in the way of solving them, such as a required field. */
  left: number[]
}

const OVER = ['solved', 'closed']

/** Those that are open, of as many as one may see. */
async function openIncidents(client: QueryClient, id: number): Promise<number[]> {
  const [links, statuses] = await Promise.all([
    client.fetchQuery({ ...linksQuery(id), staleTime: 0, retry: false }),
    client.ensureQueryData(statusesQuery),
  ])
  const isOpen = (key: string | null | undefined) =>
    statuses.items.some((status) => status.key === key && !OVER.includes(status.category))
  return links.items.flatMap(({ relation, status, ticket_id }) =>
    relation === 'problem_of' && isOpen(status) ? [ticket_id] : [],
  )
}

/** `look` is called before the ticket is sent, `tell` after the answer: what became of the incidents in between. */
function watchIncidents(client: QueryClient, id: number) {
  let before: number[] | undefined
  const read = () => openIncidents(client, id).catch(() => undefined)
  return {
    look: async () => {
      // A second attempt may find what the first has done already.
      before ??= await read()
    },
    tell: async (): Promise<Incidents> => {
      const left = before?.length ? await read() : undefined
      if (!before || !left) return { solved: [], left: [] }
      return {
        solved: before.filter((incident) => !left.includes(incident)),
        left: before.filter((incident) => left.includes(incident)),
      }
    },
  }
}

type Watch = ReturnType<typeof watchIncidents>

/** Undefined for what is no open problem. */
export const incidentsOf = (client: QueryClient, before: Known | undefined): Watch | undefined =>
  before?.type === 'problem' && !OVER.includes(before.status_category ?? '')
    ? watchIncidents(client, before.id)
    : undefined

/** What is to be told beside an act on so many problems; undefined when there is nothing. */
export function describeIncidents(text: string, of: Incidents[]) {
  const solved = of.flatMap((each) => each.solved)
  const left = of.flatMap((each) => each.left)
  if (!solved.length && !left.length) return undefined
  return {
    text: solved.length ? t.incidents.solved(text, solved, of.length) : text,
    // The ticket alone comes back.
    undone: t.undo.undone(text),
    ...(left.length ? { about: t.incidents.left(left) } : {}),
  }
}

/** Where no other notice tells that the problem was solved, such as by a reply. */
export async function tellIncidents(problem: number, incidents: Watch) {
  const told = describeIncidents(t.changed.solved(t.ticket(problem)), [await incidents.tell()])
  if (told) toast(told.text, told.about ? { description: told.about } : {})
}
