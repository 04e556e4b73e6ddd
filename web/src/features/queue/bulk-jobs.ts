/** Bulk jobs: one act on many tickets, done by the server, which goes on when this page is closed. */
import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { toast } from '@/components/ui/toast'
import { wordProblems } from '@/desk/problem-words'
import { countsQuery, QUEUE_KEY } from '@/desk/tickets'
import { offerUndo } from '@/desk/undo'
import { api, problemsOf, type Schemas, unwrap } from '@/lib/api/client'
import { onPersonChange } from '@/lib/person'
import type { Source } from './list'
import { t } from './messages'
import { TOTAL_KEY } from './queries'

export type Job = Schemas['BulkJob']

/** What a job does to each ticket. */
export type Deed = Omit<Schemas['CreateBulkJob'], 'ids' | 'view_id' | 'filter'>

/** Which tickets: some, or all of a list over all of its pages. */
export type Target = { ids: number[] } | Source

/** A list without any filter: the API wants to be told that all tickets are meant. */
const ALL = { status_category: 'new,open,pending,on_hold,solved,closed' }

const bodyOf = (deed: Deed, target: Target): Schemas['CreateBulkJob'] => {
  if ('ids' in target) return { ...deed, ids: target.ids }
  if (target.view !== undefined) return { ...deed, filter: target.query, view_id: target.view }
  return { ...deed, filter: Object.keys(target.query).length ? target.query : ALL }
}

export const runs = (job: Job) => ['queued', 'running', 'undoing'].includes(job.status)

const lastJobQuery = queryOptions({
  queryKey: ['bulk-jobs', 'last'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    const page = await unwrap(api.GET('/api/bulk-jobs', { params: { query: { limit: 1, sort: '-id' } }, signal }))
    return page.items[0] ?? null
  },
})

const jobKey = (id: number) => ['bulk-jobs', id]

const POLL_MS = 500

export const failedQuery = (id: number, failed: number) =>
  queryOptions({
    queryKey: [...jobKey(id), 'failed', failed],
    enabled: failed > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/bulk-jobs/{id}/items', {
          params: { path: { id }, query: { state: 'failed', limit: 200 } },
          signal,
        }),
      ),
  })

// The panel that was closed stays closed, in every tab and after a reload.
const CLOSED = 'queue.closed-job'
const listeners = new Set<() => void>()

export function closePanel(id: number) {
  localStorage.setItem(CLOSED, String(id))
  for (const listener of listeners) listener()
}

const useClosed = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => Number(localStorage.getItem(CLOSED) ?? 0),
  )

/** A job has ended: what it changed belongs elsewhere now. */
function readAnew(client: QueryClient) {
  for (const queryKey of [QUEUE_KEY, TOTAL_KEY, countsQuery.queryKey]) client.invalidateQueries({ queryKey })
}

/** The job to tell about: the newest, while it runs or can be undone. It is found again after a reload. */
export function useCurrentJob(): Job | undefined {
  const client = useQueryClient()
  const closed = useClosed()
  const { data: last } = useQuery(lastJobQuery)
  const id = last?.id ?? 0
  const { data: job = last } = useQuery({
    queryKey: jobKey(id),
    enabled: id > 0 && (last ? runs(last) : false),
    queryFn: ({ signal }) => unwrap(api.GET('/api/bulk-jobs/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && !runs(state.data) ? false : POLL_MS),
  })
  const shown = job && last && runs(last) ? job : last
  const running = shown ? runs(shown) : false
  const ran = useRef(running)
  useEffect(() => {
    const ends = ran.current && !running
    ran.current = running
    if (!shown || !ends) return
    client.setQueryData(lastJobQuery.queryKey, shown)
    readAnew(client)
  }, [client, shown, running])
  const [now] = useState(Date.now)
  if (!shown || shown.id <= closed) return undefined
  const recent = Date.parse(shown.undo_until ?? shown.finished_at ?? '') > now
  return running || recent || Date.parse(shown.created_at) > now - 60_000 ? shown : undefined
}

/** What each job has put on the stack of acts that Ctrl+Z undoes: how to take that back. */
const offered = new Map<number, () => void>()

onPersonChange(() => offered.clear())

export const isUndoable = (job: Job) =>
  job.action !== 'merge' && job.status !== 'undone' && job.done > 0 && Date.parse(job.undo_until ?? '') > Date.now()

const read = (id: number) => unwrap(api.GET('/api/bulk-jobs/{id}', { params: { path: { id } } }))

/** Undoes a job; one that still runs is stopped first. */
async function undoJob(job: Job): Promise<Job> {
  const params = { path: { id: job.id } }
  let now = await read(job.id)
  if (runs(now)) now = await unwrap(api.POST('/api/bulk-jobs/{id}/cancel', { params })).catch(() => read(job.id))
  while (runs(now)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    now = await read(job.id)
  }
  return unwrap(api.POST('/api/bulk-jobs/{id}/undo', { params }))
}

/** Begins, stops and undoes jobs. */
export function useJobs() {
  const client = useQueryClient()
  const show = (job: Job) => {
    client.setQueryData(jobKey(job.id), job)
    client.setQueryData(lastJobQuery.queryKey, job)
    if (!runs(job)) readAnew(client)
  }
  const failed = async (error: Error, title: string) =>
    toast.error(title, {
      description: (await wordProblems(client, problemsOf(error))) || error.message,
      duration: 12_000,
    })
  const begin = useMutation({
    mutationFn: ({ deed, target }: { deed: Deed; target: Target }) =>
      unwrap(api.POST('/api/bulk-jobs', { body: bodyOf(deed, target) })),
    onSuccess: show,
    onError: (error) => {
      client.invalidateQueries({ queryKey: QUEUE_KEY })
      failed(error, t.bulk.notStarted)
    },
  })
  const stop = useMutation({
    mutationFn: (id: number) => unwrap(api.POST('/api/bulk-jobs/{id}/cancel', { params: { path: { id } } })),
    onSuccess: show,
    onError: (error) => failed(error, t.bulk.refused),
  })
  const undo = useMutation({
    mutationFn: (id: number) => unwrap(api.POST('/api/bulk-jobs/{id}/undo', { params: { path: { id } } })),
    onSuccess: (job) => {
      offered.get(job.id)?.()
      show(job)
    },
    onError: (error) => failed(error, t.bulk.refused),
  })
  /** Among the acts that Ctrl+Z undoes a job has its place from when it was asked for. */
  const offer = (text: string, work: Promise<Job>) => {
    const takeBack = offerUndo({ text, told: true, undo: async () => show(await undoJob(await work)) })
    work.then((job) => {
      if (runs(job) || isUndoable(job)) offered.set(job.id, takeBack)
      else takeBack()
    }, takeBack)
  }
  const start = (text: string, deed: Deed, target: Target) => {
    const work = begin.mutateAsync({ deed, target })
    if (deed.action === 'merge') void work.catch(() => {})
    else offer(text, work)
  }
  return {
    start,
    starting: begin.isPending,
    stop,
    undo,
    /** A job that was begun before this page was loaded. */
    offerAgain: (text: string, job: Job) => {
      if (!offered.has(job.id)) offer(text, Promise.resolve(job))
    },
  }
}
