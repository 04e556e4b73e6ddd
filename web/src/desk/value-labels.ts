/** What values of a ticket are called on this desk, where no component is at hand: in notices and acts that wait. */
import type { QueryClient } from '@tanstack/react-query'
import { labelIn, prioritiesQuery, statusesQuery, typeWord } from './config'

export interface ValueLabels {
  status: (key: string) => string
  priority: (key: string) => string
  type: (key: string) => string
}

export const valueLabels = (client: QueryClient): ValueLabels => ({
  status: (key) => labelIn(client.getQueryData(statusesQuery.queryKey), 'status', key),
  priority: (key) => labelIn(client.getQueryData(prioritiesQuery.queryKey), 'priority', key),
  type: typeWord,
})
