/** Bulk jobs: one act on many tickets, done by the server, which goes on when this page is closed. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { api, problemsOf, type Schemas, unwrap } from '@/lib/api/client'
import { onPersonChange } from '@/lib/person'
import { Discarded, SEVERAL, sendAct } from './acts'
import { t } from './messages'
import { wordProblems } from './problem-words'
import { countsQuery, QUEUE_KEY, TOTAL_KEY } from './tickets'
import { offerUndo } from './undo'
import { viewCountsQuery } from './views'
import { workOf } from './work'

export type Job = Schemas['BulkJob']

export const runs = (job: Job) => ['queued', 'running', 'undoing'].includes(job.status)

export const isUndoable = (job: Job) =>
  job.action !== 'merge' && job.status !== 'undone' && job.done > 0 && Date.parse(job.undo_until ?? '') > Date.now()

export const POLL_MS = 500

export const jobKey = (id: number) => ['bulk-jobs', id]

export const readJob = (id: number, signal?: AbortSignal) =>
  unwrap(api.GET('/api/bulk-jobs/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }))

export const lastJobQuery = queryOptions({
  queryKey: ['bulk-jobs', 'last'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    const page = await unwrap(api.GET('/api/bulk-jobs', { params: { query: { limit: 1, sort: '-id' } }, signal }))
    return page.items[0] ?? null
  },
})

/** A job has ended: what it changed belongs elsewhere now. */
export function readAnewAfter(client: QueryClient) {
  for (const queryKey of [QUEUE_KEY, TOTAL_KEY, countsQuery.queryKey, viewCountsQuery.queryKey])
    client.invalidateQueries({ queryKey })
}

export function showJob(client: QueryClient, job: Job) {
  client.setQueryData(jobKey(job.id), job)
  client.setQueryData(lastJobQuery.queryKey, job)
  if (!runs(job)) readAnewAfter(client)
}

export const jobRefused = async (client: QueryClient, error: Error, title: string, again?: () => unknown) =>
  toast.error(title, {
    description: (await wordProblems(client, problemsOf(error))) || told(error.message),
    ...(again ? { action: { label: t.retry, onClick: () => void again() } } : {}),
  })

/** What each job has put on the stack of acts that Ctrl+Z undoes: how to take that back. */
const offered = new Map<number, () => void>()

onPersonChange(() => offered.clear())

/** Undoes a job; one that still runs is stopped first. */
async function undoJob(job: Job): Promise<Job> {
  const params = { path: { id: job.id } }
  let now = await readJob(job.id)
  if (runs(now)) now = await unwrap(api.POST('/api/bulk-jobs/{id}/cancel', { params })).catch(() => readJob(job.id))
  while (runs(now)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    now = await readJob(job.id)
  }
  return unwrap(api.POST('/api/bulk-jobs/{id}/undo', { params }))
}

/** Among the acts that Ctrl+Z undoes a job has its place from when it was asked for. */
function offer(client: QueryClient, text: string, work: Promise<Job>, earlier = false) {
  const takeBack = offerUndo({
    text,
    told: true,
    earlier,
    undo: async () => showJob(client, await undoJob(await work)),
  })
  work.then((job) => {
    if (runs(job) || isUndoable(job)) offered.set(job.id, takeBack)
    else takeBack()
  }, takeBack)
}

/** A job that was begun before this page was loaded. */
export function offerJobAgain(client: QueryClient, text: string, job: Job) {
  if (!offered.has(job.id)) offer(client, text, Promise.resolve(job), true)
}

/** It was undone by other means. */
export const withdrawOffer = (job: Job) => offered.get(job.id)?.()

/** `held`: what it does cannot be undone. */
export function startJob(
  client: QueryClient,
  text: string,
  body: Schemas['CreateBulkJob'],
  { held, key }: { held?: boolean | undefined; key?: string } = {},
): Promise<unknown> {
  const asked = Promise.resolve()
  const work = asked.then(() => sendAct({ text, lane: SEVERAL, held, key, ...workOf('job', { body }) }))
  if (body.action !== 'merge') offer(client, text, work)
  // The job before it is told of no longer: its button would undo something else than one has just asked for.
  if (!held) client.setQueryData(lastJobQuery.queryKey, null)
  return work.then(
    (job) => showJob(client, job),
    (error) => {
      client.invalidateQueries({ queryKey: QUEUE_KEY })
      client.invalidateQueries({ queryKey: lastJobQuery.queryKey, exact: true })
      if (error instanceof Discarded) return
      return jobRefused(client, error, t.acts.notStarted, () => startJob(client, text, body, { held }))
    },
  )
}
