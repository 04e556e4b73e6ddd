/** Sends replies and notes. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ticketQuery } from '@/desk/tickets'
import { api, unwrap } from '@/lib/api/client'

export function useCreateMessage(ticket: number) {
  const client = useQueryClient()
  return useMutation({
    // One after the other, so that a conversation has the order in which it was sent.
    scope: { id: `messages of ticket ${ticket}` },
    mutationFn: (body: { kind: 'reply' | 'note'; body_html: string; status?: string }) =>
      unwrap(api.POST('/api/tickets/{id}/messages', { params: { path: { id: ticket } }, body: body as never })),
    onSettled: () => client.invalidateQueries({ queryKey: ticketQuery(ticket).queryKey }),
  })
}
