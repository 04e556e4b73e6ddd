/**
 * Sends changes of tickets: shown at once, put back when they are refused, and offered to be undone. Each carries the
 * version that was on screen, so that nobody overwrites what they have not seen.
 */
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'

import { toast } from '@/components/ui/toast'
import { ApiProblem, problemsOf } from '@/lib/api/client'
import { isLive } from '@/realtime/live-store'
import { Discarded, sendAct } from './acts'
import { Conflict, currentOf } from './conflicts'
import { describeChange } from './describe-change'
import { describeIncidents, type Incidents, incidentsOf } from './incidents'
import { t } from './messages'
import { tellFailure } from './offered-act'
import { addPending, type Known } from './pending-changes'
import { labelsOf, wordProblems } from './problem-words'
import { askFor, missingOf } from './required'
import { changeWithout, inverseOf, isSolving, pathsOf, type TicketChange } from './ticket-changes'
import { countsQuery, QUEUE_KEY, type Row, readWhole, showTicket, type Ticket, ticketQuery } from './tickets'
import { timelineKey } from './timeline'
import { Kept, withUndo } from './undo'
import { valueLabels } from './value-labels'
import { workOf } from './work'

/** Changes one ticket; a refusal shows it as it was, or as it is now. `before`: what was on screen. */
async function changeTicket(
  client: QueryClient,
  before: Known,
  change: TicketChange,
  key?: string,
  /** Before each attempt to send it. */
  look?: () => Promise<void>,
  /** What its author had in mind, where the screen has gone on since. */
  seen: Known = before,
): Promise<Ticket> {
  const { work, send } = workOf('change', { before: seen, change })
  const { shown, settle } = addPending(before, change.shown)
  showTicket(client, shown)
  try {
    const ticket = await sendAct({
      text: describeChange(change, t.ticket(before.id), valueLabels(client)),
      // A second quick change follows on the first instead of conflicting with it.
      lane: `ticket-${before.id}`,
      work,
      send: async (attempt) => {
        await look?.()
        return send(attempt)
      },
      key,
    })
    readWhole(ticket)
    showTicket(client, settle(ticket))
    if (!isLive()) client.invalidateQueries({ queryKey: timelineKey(before.id) })
    return ticket
  } catch (error) {
    showTicket(client, settle(currentOf(error)))
    throw error
  }
}

interface Changed {
  before: Known
  after: Ticket
  /** Of a problem that was solved. */
  incidents?: Incidents | undefined
}

async function changeOne(
  client: QueryClient,
  before: Known,
  change: TicketChange,
  key?: string,
  seen?: Known,
): Promise<Changed> {
  const incidents = isSolving(change) ? incidentsOf(client, before) : undefined
  const after = await changeTicket(client, before, change, key, incidents?.look, seen)
  return { before, after, incidents: await incidents?.tell() }
}

/** Every ticket of an act was refused: there is nothing to undo. */
class NothingChanged extends Error {}

/**
 * Puts a ticket back to how it was. A field that must not be empty any more keeps its value: what else was changed does
 * not stay for that. Answers the paths of such fields.
 */
export async function putBack(client: QueryClient, before: Known, after: Ticket): Promise<string[]> {
  const back = inverseOf(before, after)
  try {
    await changeTicket(client, after, back)
    return []
  } catch (error) {
    const paths = problemsOf(error).map(({ path }) => path)
    const rest = changeWithout(back, paths)
    const cleared = Object.entries(back.body.custom ?? {}).flatMap(([key, value]) =>
      value === null ? `custom.${key}` : [],
    )
    if (!paths.length || !paths.every((path) => cleared.includes(path)) || !pathsOf(rest).length) throw error
    await changeTicket(client, after, rest)
    return paths
  }
}

/** Says of the fields at these paths that they keep their values. */
export async function wordKept(client: QueryClient, paths: string[]): Promise<string> {
  const labels = [...new Set(await labelsOf(client, paths))]
  return t.undo.valuesKept(labels.join(', '), labels.length)
}

/** One offer for all tickets of an act. */
function withOffer(client: QueryClient, change: TicketChange, rows: Known[], work: Promise<Changed[]>) {
  const [only] = rows
  const what = only && rows.length === 1 ? t.ticket(only.id) : t.tickets(rows.length)
  const text = describeChange(change, what, valueLabels(client), rows.length === 1 ? only : undefined)
  const undo = async (changed: Changed[]) => {
    const done = await Promise.allSettled(changed.map(({ before, after }) => putBack(client, before, after)))
    client.invalidateQueries({ queryKey: countsQuery.queryKey })
    // What had left a list comes back to it.
    client.invalidateQueries({ queryKey: QUEUE_KEY })
    const failed = done.filter((each) => each.status === 'rejected')
    if (failed.length && changed.length === 1) throw failed[0]?.reason
    if (failed.length) throw new Error(t.undo.some(failed.length, changed.length))
    const paths = done.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    const solved = changed.flatMap(({ incidents }) => incidents?.solved ?? [])
    const kept = [
      ...(solved.length ? [t.incidents.stay(solved)] : []),
      ...(paths.length ? [await wordKept(client, paths)] : []),
    ]
    return kept.length ? new Kept(kept.join('\n')) : undefined
  }
  return withUndo(work, text, undo, (changed) =>
    describeIncidents(
      text,
      changed.flatMap(({ incidents }) => incidents ?? []),
    ),
  )
}

/** A change that was begun on a page that is closed: shown on top again, and offered to be undone. `key`: its own. */
export async function resumeChange(client: QueryClient, before: Known, change: TicketChange, key?: string) {
  const work = changeOne(client, before, change, key).then((changed) => [changed])
  try {
    await withOffer(client, change, [before], work)
    client.invalidateQueries({ queryKey: countsQuery.queryKey })
  } catch (error) {
    if (error instanceof Discarded) return
    toast.error(t.refused.one(t.ticket(before.id)), {
      description: await reasonOf(client, error),
      action: { label: t.retry, onClick: () => void resumeChange(client, before, change) },
    })
  }
}

const reasonOf = async (client: QueryClient, error: unknown): Promise<string> => {
  if (error instanceof Conflict) return t.refused.byWhom(error.people.join(', '))
  if (!(error instanceof ApiProblem)) return (error as Error).message
  if (error.status === 409) return t.refused.meanwhile
  return (await wordProblems(client, error.problems)) || error.message
}

/** Changes of one ticket. What becomes of one that fails is for its caller: to ask, to show beside its field, or to `tell`. */
export function useChangeTicket(id: number) {
  const client = useQueryClient()
  const mutation = useMutation({
    mutationFn: async ({ change, seen }: { change: TicketChange; seen: Ticket | undefined }) => {
      const before = client.getQueryData(ticketQuery(id).queryKey)
      if (!before) throw new Discarded()
      const work = changeOne(client, before, change, undefined, seen).then((changed) => [changed])
      const [changed] = await withOffer(client, change, [before], work)
      return changed?.after
    },
  })
  /** `seen`: the ticket that it was made on, where that is not the one on screen any more. */
  const mutateAsync = (change: TicketChange, seen?: Ticket) => mutation.mutateAsync({ change, seen })
  /** In a notice, when nobody waits at the field any more. */
  const tell = async (error: Error, change: TicketChange, seen?: Ticket) => {
    // Whoever has read what a colleague did meanwhile tries again on top of that.
    const base = currentOf(error) ? undefined : seen
    const again = () => mutateAsync(change, base).catch((refused) => void tell(refused, change, base))
    // Which of its fields it was: there may be several such notices.
    const what = t.refused.act(describeChange(change, t.ticket(id), valueLabels(client)))
    tellFailure(t.refused.one(t.ticket(id)), error, again, `${what}\n${await reasonOf(client, error)}`)
  }
  return { mutateAsync, tell }
}

/**
 * The same change of several rows: each succeeds or fails on its own, and a notice lists those that failed. For what
 * solving a single one requires its reader is asked.
 */
export function useChangeTickets() {
  const client = useQueryClient()
  const mutation = useMutation({
    mutationFn: async ({ rows, change }: { rows: Row[]; change: TicketChange }) => {
      const failed: { id: number; reason: string; row: Row }[] = []
      const changed: Changed[] = []
      const one = async (before: Row) => {
        try {
          changed.push(await changeOne(client, before, change))
        } catch (error) {
          const missing = rows.length === 1 && missingOf(change, error)
          if (missing) askFor({ ...missing, row: before })
          else if (!(error instanceof Discarded)) {
            // Whoever has read what a colleague did meanwhile may try again on top of that.
            const { version = before.version } = currentOf(error) ?? {}
            failed.push({ id: before.id, reason: await reasonOf(client, error), row: { ...before, version } })
          }
        }
      }
      const work = Promise.all(rows.map(one)).then(() => {
        if (!changed.length) throw new NothingChanged()
        return changed
      })
      await withOffer(client, change, rows, work).catch((error) => {
        if (!(error instanceof NothingChanged)) throw error
      })
      return failed
    },
    onSuccess: (failed, { rows, change }) => {
      if (failed.length)
        toast.error(
          failed.length === 1 && rows.length === 1
            ? t.refused.one(t.ticket(failed[0]?.id ?? 0))
            : t.refused.some(failed.length, rows.length),
          {
            description:
              rows.length === 1 ? failed[0]?.reason : failed.map(({ id, reason }) => `#${id}: ${reason}`).join('\n'),
            action: { label: t.retry, onClick: () => mutation.mutate({ rows: failed.map(({ row }) => row), change }) },
          },
        )
      // Read anew when somebody comes to them next: now it would move rows under the cursor.
      if (failed.length < rows.length) client.invalidateQueries({ queryKey: QUEUE_KEY, refetchType: 'none' })
      client.invalidateQueries({ queryKey: countsQuery.queryKey })
    },
  })
  return mutation
}
