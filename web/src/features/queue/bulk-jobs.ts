/** The bulk job that the list tells of, and what it can do with it: begin, stop and undo. */
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import {
  type Job,
  jobKey,
  jobRefused,
  lastJobQuery,
  offerJobAgain,
  POLL_MS,
  readAnewAfter,
  readJob,
  runs,
  showJob,
  startJob,
  withdrawOffer,
} from '@/desk/jobs'
import { macrosQuery } from '@/desk/macros'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import type { Source } from './list'
import { t } from './messages'

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

/** The problems that a job solved together with their incidents. */
export const incidentsQuery = ({ id, incidents_solved, incidents_left }: Job) =>
  queryOptions({
    queryKey: [...jobKey(id), 'incidents', incidents_solved, incidents_left],
    enabled: incidents_solved + incidents_left > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/bulk-jobs/{id}/items', {
          params: { path: { id }, query: { incidents: true, limit: 200 } },
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

/** The job to tell about: the newest, while it runs or can be undone. It is found again after a reload. */
export function useCurrentJob(): Job | undefined {
  const client = useQueryClient()
  const closed = useClosed()
  const { data: last } = useQuery(lastJobQuery)
  const id = last?.id ?? 0
  const { data: job = last } = useQuery({
    queryKey: jobKey(id),
    enabled: id > 0 && (last ? runs(last) : false),
    queryFn: ({ signal }) => readJob(id, signal),
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
    readAnewAfter(client)
  }, [client, shown, running])
  const [now] = useState(Date.now)
  if (!shown || shown.id <= closed) return undefined
  const recent = Date.parse(shown.undo_until ?? shown.finished_at ?? '') > now
  return running || recent || Date.parse(shown.created_at) > now - 60_000 ? shown : undefined
}

/** Begins, stops and undoes jobs. */
export function useJobs() {
  const client = useQueryClient()
  const { data: macros } = useQuery(macrosQuery)
  /** Nothing takes back what customers have been sent, nor a merge. Of a macro that is not known that may be so. */
  const isFinal = ({ action, macro_id }: Deed) => {
    const macro = macros?.find(({ id }) => id === macro_id)
    return action === 'merge' || (action === 'macro' && (!macro || macro.message_kind === 'reply'))
  }
  const begin = useMutation({
    mutationFn: ({ text, deed, target }: { text: string; deed: Deed; target: Target }) =>
      startJob(client, text, bodyOf(deed, target), { held: isFinal(deed) }),
  })
  const stop = useMutation({
    mutationFn: (id: number) => unwrap(api.POST('/api/bulk-jobs/{id}/cancel', { params: { path: { id } } })),
    onSuccess: (job) => showJob(client, job),
    onError: (error) => jobRefused(client, error, t.bulk.refused),
  })
  const undo = useMutation({
    mutationFn: (id: number) => unwrap(api.POST('/api/bulk-jobs/{id}/undo', { params: { path: { id } } })),
    onSuccess: (job) => {
      withdrawOffer(job)
      showJob(client, job)
    },
    onError: (error) => jobRefused(client, error, t.bulk.refused),
  })
  return {
    start: (text: string, deed: Deed, target: Target) => begin.mutate({ text, deed, target }),
    starting: begin.isPending,
    stop,
    undo,
    offerAgain: (text: string, job: Job) => offerJobAgain(client, text, job),
  }
}
