/**
 * Reads that were overtaken: something has changed while they were on their way, so that their answer may be from before
 * it. The cache takes every answer for the newest; here such a one is followed by another read.
 */
import type { Query, QueryCache, QueryClient, QueryFilters } from '@tanstack/react-query'

const overtaken = new WeakSet<Query>()
/** Those that are to be read anew, and have not been. */
const stale = new WeakSet<Query>()
/** Those for which events were lost: no patch makes them true. */
const lost = new WeakSet<Query>()
/** Those of which all is being read, and not a further page alone. */
const reading = new WeakSet<Query>()

/** What these show has been changed in the cache alone: those that are being read are read once more. */
export function overtake(client: QueryClient, filters: QueryFilters) {
  for (const query of client.getQueryCache().findAll(filters))
    if (query.state.fetchStatus !== 'idle') overtaken.add(query)
}

/** Events were lost: what these show is read anew, also what patches keep otherwise. */
export function lose(client: QueryClient, filters: QueryFilters = {}) {
  for (const query of client.getQueryCache().findAll(filters)) lost.add(query)
  return client.invalidateQueries(filters)
}

function readAgain(query: Query) {
  query.invalidate()
  // The read that has just ended puts away its own things first.
  queueMicrotask(() => query.isActive() && void query.fetch().catch(() => undefined))
}

/** `meta.keptByPatches` of a query: its patches are all it needs, and reading it anew would move what is on screen. */
export function watchReads(cache: QueryCache) {
  return cache.subscribe((event) => {
    if (event.type !== 'updated') return
    const { query, action } = event
    const { data, fetchMeta, fetchStatus, isInvalidated } = query.state
    switch (action.type) {
      case 'fetch':
        // After a failed first read it counts as invalidated already, and would not say so again.
        if (data === undefined && isInvalidated) query.setState({ isInvalidated: false })
        if (!fetchMeta?.fetchMore) reading.add(query)
        // A further page breaks off the read anew.
        else if (reading.delete(query)) overtaken.add(query)
        return
      case 'setState':
        if (fetchStatus === 'idle') reading.delete(query)
        return
      case 'invalidate':
        stale.add(query)
        // Where there is something to show, whoever invalidates breaks the read off and begins it anew.
        if (fetchStatus !== 'idle' && (data === undefined || !query.isActive())) overtaken.add(query)
        return
      case 'error':
        overtaken.delete(query)
        reading.delete(query)
        return
      case 'success':
        // Neither a patch nor a further page makes anything fresh that is to be read anew.
        if (action.manual || fetchMeta?.fetchMore) {
          if (stale.has(query) && (!query.meta?.keptByPatches || lost.has(query))) query.invalidate()
        } else {
          stale.delete(query)
          lost.delete(query)
          reading.delete(query)
        }
        if (!action.manual && overtaken.delete(query)) readAgain(query)
    }
  })
}
