/** The cache of everything read from the API. */
import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '@/lib/api/client'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A request that was refused will be refused again.
      retry: (count, error) => !(error instanceof ApiProblem && error.status < 500) && count < 2,
    },
  },
})
