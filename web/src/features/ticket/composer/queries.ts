/** Sends replies and notes. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { sendAct } from '@/desk/acts'
import { showMessage } from '@/desk/live-timeline'
import { t } from '@/desk/messages'
import { api, type Schemas, unwrap } from '@/lib/api/client'

export function useCreateMessage(ticket: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas['CreateMessage'] & { body_html: string }) =>
      sendAct({
        text: body.kind === 'note' ? t.message.note(t.ticket(ticket)) : t.message.reply(t.ticket(ticket)),
        // One after the other and with the changes, so that a conversation has the order in which things were done.
        lane: `ticket-${ticket}`,
        words: new DOMParser().parseFromString(body.body_html, 'text/html').body.innerText,
        send: (key) =>
          unwrap(
            api.POST('/api/tickets/{id}/messages', {
              params: { path: { id: ticket } },
              headers: { 'idempotency-key': key },
              body,
            }),
          ),
      }),
    onSuccess: (message) => showMessage(client, message),
  })
}
