/** The tickets that one is linked with. */
import { queryOptions } from '@tanstack/react-query'
import { linksKey } from '@/desk/ticket-acts'
import { api, unwrap } from '@/lib/api/client'

export const linksQuery = (id: number) =>
  queryOptions({
    queryKey: linksKey(id),
    queryFn: ({ signal }) => unwrap(api.GET('/api/tickets/{id}/links', { params: { path: { id } }, signal })),
  })
