/** Changes a message that was sent. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { showMessage } from '@/desk/live-timeline'
import { offeredAct, overtaken } from '@/desk/offered-act'
import { api, unwrap } from '@/lib/api/client'
import { t } from './messages'

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  staleTime: 3_600_000,
  queryFn: ({ signal }) => unwrap(api.GET('/api/settings', { signal })),
})

const pathOf = (ticket: number, message: number) => ({ params: { path: { id: ticket, message_id: message } } })

/** Edits one's own message. It reads as before when that is undone, unless it was changed once more meanwhile. */
export function useEditMessage(ticket: number, message: number) {
  const client = useQueryClient()
  const path = '/api/tickets/{id}/messages/{message_id}'
  const patch = async (html: string) => {
    const changed = await unwrap(api.PATCH(path, { ...pathOf(ticket, message), body: { body_html: html } }))
    showMessage(client, changed)
    return changed
  }
  return useMutation({
    mutationFn: ({ html, before }: { html: string; before: string }) =>
      offeredAct({
        text: t.messageChanged(ticket),
        lane: `message-${message}`,
        words: new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '',
        send: () => patch(html),
        undo: async (after) => {
          const now = await unwrap(api.GET(path, pathOf(ticket, message)))
          if (now.edited_at !== after.edited_at || now.redacted_at) throw overtaken()
          await patch(before)
        },
      }),
  })
}

/** Takes words out of a message; without words, all of it. */
export function useRedactMessage(ticket: number, message: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ text }: { text?: string }) =>
      unwrap(
        api.POST('/api/tickets/{id}/messages/{message_id}/redact', {
          ...pathOf(ticket, message),
          body: text === undefined ? { all: true } : { text },
        }),
      ),
    onSuccess: (changed) => showMessage(client, changed),
  })
}
