/** Changes a message that was sent. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { showMessage } from '@/desk/live-timeline'
import { api, unwrap } from '@/lib/api/client'

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  staleTime: 3_600_000,
  queryFn: ({ signal }) => unwrap(api.GET('/api/settings', { signal })),
})

type Change = { verb: 'edit'; html: string } | { verb: 'redact'; text?: string }

/** Edits one's own message, or takes words out of any; without words, all of it. */
export function useChangeMessage(ticket: number, message: number) {
  const client = useQueryClient()
  const params = { path: { id: ticket, message_id: message } }
  return useMutation({
    mutationFn: (change: Change) =>
      unwrap(
        change.verb === 'edit'
          ? api.PATCH('/api/tickets/{id}/messages/{message_id}', { params, body: { body_html: change.html } })
          : api.POST('/api/tickets/{id}/messages/{message_id}/redact', {
              params,
              body: change.text === undefined ? { all: true } : { text: change.text },
            }),
      ),
    onSuccess: (changed) => showMessage(client, changed),
  })
}
