/**
 * Reads that were overtaken: something has changed while they were on their way, so that their answer may be from before
 * it. The cache takes every answer for the newest; here such a one is followed by another read.
 */
import type { Query, QueryCache, QueryClient, QueryFilters } from '@tanstack/react-query'

const overtaken = new WeakSet<Query>()
/** Those that are to be read anew, and have not been. */
const stale = new WeakSet<Query>()

/** What these show has been changed in the cache alone: those that are being read are read once more. */
export function overtake(client: QueryClient, filters: QueryFilters) {
  for (const query of client.getQueryCache().findAll(filters))
    if (query.state.fetchStatus !== 'idle') overtaken.add(query)
}

function readAgain(query: Query) {
  query.invalidate()
  // The read that has just ended puts away its own things first.
  queueMicrotask(() => query.isActive() && void query.fetch().catch(() => undefined))
}

export function watchReads(cache: QueryCache) {
  return cache.subscribe((event) => {
    if (event.type !== 'updated') return
    const { query, action } = event
    const { data, fetchMeta, fetchStatus, isInvalidated } = query.state
    switch (action.type) {
      case 'fetch':
        // After a failed first read it counts as invalidated already, and would not say so again.
        if (data === undefined && isInvalidated) query.setState({ isInvalidated: false })
        return
      case 'invalidate':
        stale.add(query)
        // Where there is something to show, whoever invalidates breaks the read off and begins it anew.
        if (fetchStatus !== 'idle' && (data === undefined || !query.isActive())) overtaken.add(query)
        return
      case 'error':
        overtaken.delete(query)
        return
      case 'success':
        // A patch makes nothing fresh that is to be read anew.
        if (action.manual) {
          if (stale.has(query)) query.invalidate()
          return
        }
        if (overtaken.delete(query) || (fetchMeta?.fetchMore && stale.has(query))) return readAgain(query)
        stale.delete(query)
    }
  })
}
