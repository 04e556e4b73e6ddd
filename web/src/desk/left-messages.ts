/** Messages that a page which is closed now has not sent: told on arrival, for only their ticket shows them. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { toast } from '@/components/ui/toast'
import { namesKept, readKept } from '@/lib/kept-texts'
import { openPages, thisPage } from '@/lib/open-pages'
import { currentPerson } from '@/lib/person'
import { t } from './messages'

/** What a message on its way is kept under, and its key. */
export const OUTGOING = 'outgoing:'

interface Left {
  ticket: number
  kind: 'reply' | 'note'
  page: string
  problem?: string
}

export async function leftMessages<T extends Left>(): Promise<T[]> {
  const person = currentPerson()
  const living = await openPages()
  if (currentPerson() !== person) return []
  return namesKept(OUTGOING)
    .flatMap((name) => readKept<T>(name) ?? [])
    .filter(({ page }) => page !== thisPage && !living.has(page))
}

export function useLeftMessages() {
  const navigate = useNavigate()
  useEffect(() => {
    void leftMessages().then((left) => {
      for (const { ticket, kind, problem } of left) {
        // Its page tells of it itself.
        if (location.pathname === `/tickets/${ticket}`) continue
        const open = () => void navigate({ to: '/tickets/$id', params: { id: String(ticket) } })
        toast.error(kind === 'reply' ? t.message.replyLeft(`#${ticket}`) : t.message.noteLeft(`#${ticket}`), {
          id: `left-${ticket}`,
          ...(problem ? { description: problem } : {}),
          duration: 30_000,
          action: { label: t.acts.open, onClick: open },
        })
      }
    })
  }, [navigate])
}
