/** Finds tickets by words or a number, for whoever ties one to another. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import type { Row } from './tickets'

/** A ticket as a choice shows it; one that was looked for by its number comes alone. */
export type Choice = Pick<
  Row,
  'id' | 'subject' | 'status' | 'status_category' | 'requester' | 'organization' | 'channel' | 'updated_at'
>

export const findTicketsQuery = (q: string) =>
  queryOptions({
    queryKey: ['find-tickets', q],
    enabled: q.trim().length > 0,
    placeholderData: keepPreviousData,
    staleTime: 20_000,
    queryFn: async ({ signal }): Promise<Choice[]> => {
      const page: Schemas['FoundPage'] = await unwrap(
        api.GET('/api/search', { params: { query: { q: q.trim(), limit: 12 } }, signal }),
      )
      return page.items
    },
  })
