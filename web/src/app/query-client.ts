/** The cache of everything read from the API. */
import { notifyManager, QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '@/lib/api/client'
import { watchReads } from '@/lib/overtaken'

// Within the event that changed something: by a timer, a box that was just ticked is drawn unticked in between.
notifyManager.setScheduler(queueMicrotask)

export const queryClient = new QueryClient({
  defaultOptions: {
    // Acts made offline wait in desk/acts.ts, where they can be seen.
    mutations: { networkMode: 'always' },
    queries: {
      // What cannot be read is told, with a way to try again, rather than awaited.
      networkMode: 'always',
      staleTime: 30_000,
      // A request that was refused will be refused again.
      retry: (count, error) => !(error instanceof ApiProblem && error.status < 500) && count < 2,
      // Whoever waits before a skeleton is soon told.
      retryDelay: (count) => 300 * 3 ** count,
    },
  },
})

watchReads(queryClient.getQueryCache())
