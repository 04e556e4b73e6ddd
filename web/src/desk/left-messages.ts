/** Messages that a page which is closed now has not sent: told on arrival, for only their ticket shows them. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { toast } from '@/components/ui/toast'
import { api, unwrap } from '@/lib/api/client'
import { keep, namesKept, readKept } from '@/lib/kept-texts'
import { openPages, thisPage } from '@/lib/open-pages'
import { currentPerson } from '@/lib/person'
import { t } from './messages'

/** What a message on its way is kept under, and its key. */
export const OUTGOING = 'outgoing:'

interface Left {
  ticket: number
  kind: 'reply' | 'note'
  page: string
  html: string
  person: number
  /** The last message that its writer had before them. */
  seen: number
  state: 'held' | 'sending' | 'failed'
  due: number
  atClosing?: boolean
  problem?: string
}

export async function leftMessages<T extends Left>(): Promise<T[]> {
  const person = currentPerson()
  const living = await openPages()
  if (currentPerson() !== person) return []
  const left = namesKept(OUTGOING).flatMap((name) => {
    const message = readKept<T>(name)
    return message && message.page !== thisPage && !living.has(message.page) ? { name, message } : []
  })
  const arrived = await Promise.all(left.map(({ message }) => message.state === 'sending' && isThere(message)))
  if (currentPerson() !== person) return []
  for (const [at, { name }] of left.entries()) if (arrived[at]) keep(name, undefined)
  return left.filter((_, at) => !arrived[at]).map(({ message }) => message)
}

/** The letters alone: how a text is laid out differs between what is written and what is read. */
const lettersOf = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')

/** Whether the desk has got it although its page has not heard so. */
async function isThere({ ticket, html, person, seen }: Left): Promise<boolean> {
  const query = { kind: 'message', order: 'newest', limit: 20 }
  const page = await unwrap(api.GET('/api/tickets/{id}/timeline', { params: { path: { id: ticket }, query } })).catch(
    () => undefined,
  )
  const words = lettersOf(new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '')
  return Boolean(
    page?.items.some(
      (item) =>
        item.kind === 'message' &&
        item.id > seen &&
        item.author?.id === person &&
        lettersOf(item.body_text).startsWith(words),
    ),
  )
}

/** What a page has sent as it was closed may still be on its way. */
const ON_ITS_WAY = 60_000

export function useLeftMessages() {
  const navigate = useNavigate()
  useEffect(() => {
    void leftMessages().then((left) => {
      for (const { ticket, kind, problem, atClosing, due } of left) {
        if (atClosing && Date.now() - due < ON_ITS_WAY) continue
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
