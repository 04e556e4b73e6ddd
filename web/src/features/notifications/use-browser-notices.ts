import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { FOR_ME } from '@/desk/notifications'
import { api, unwrap } from '@/lib/api/client'
import { onNotification } from '@/realtime/live-store'
import { showNotice } from './browser-notices'
import type { Kind } from './fold'
import { sentenceOf } from './sentence'

/** Once, in the shell: tells of each new notification by the browser, where that was chosen. */
export function useBrowserNotices() {
  const navigate = useNavigate()
  useEffect(
    () =>
      onNotification(async (id) => {
        if (document.visibilityState === 'visible') return
        const query = { limit: 1, kind: FOR_ME.join(',') }
        const { items } = await unwrap(api.GET('/api/me/notifications', { params: { query } }))
        const [newest] = items
        if (newest?.id !== id) return
        const { who, what } = sentenceOf({ kind: newest.kind as Kind, items })
        showNotice({
          id,
          title: `${who ? `${who} ` : ''}${what}`,
          body: [`#${newest.ticket.id} ${newest.ticket.subject}`, newest.excerpt].filter(Boolean).join('\n'),
          open: () => navigate({ to: '/tickets/$id', params: { id: String(newest.ticket.id) } }),
        })
      }),
    [navigate],
  )
}
