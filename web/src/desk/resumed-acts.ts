/** What somebody began on a page that is closed now, such as one that was loaded anew while there was no line. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { toast } from '@/components/ui/toast'
import { Discarded, type KeptAct, sendAct, takeOverActs } from './acts'
import { resumeChange } from './change-tickets'
import { startJob } from './jobs'
import { t } from './messages'
import { forgetNewTicket } from './new-ticket-for'
import { countsQuery, QUEUE_KEY, showTicket } from './tickets'
import { timelineKey } from './timeline'
import { workOf } from './work'

/** What was held on its page is held again: whoever comes back can still take it back. */
async function resume(client: QueryClient, { work, ...act }: KeptAct, open: (id: number) => void) {
  if (work.kind === 'change') return resumeChange(client, work.data.before, work.data.change, act.key)
  const again = { key: act.key, held: act.held ?? false }
  if (work.kind === 'merge') return (await import('./ticket-acts')).mergeTickets(client, work.data, again)
  if (work.kind === 'split')
    return void (await (await import('./ticket-acts')).splitTicket(client, work.data, open, again))
  if (work.kind === 'mergeCustomers')
    return (await import('./merge-customers')).mergeCustomers(client, work.data, again)
  if (work.kind === 'job') return startJob(client, act.text, work.data.body, act)
  try {
    if (work.kind === 'create') {
      const made = await sendAct({ ...act, ...workOf('create', work.data) })
      forgetNewTicket()
      client.invalidateQueries({ queryKey: QUEUE_KEY, refetchType: 'none' })
      client.invalidateQueries({ queryKey: countsQuery.queryKey })
      toast(t.acts.sentLater(act.text), { action: { label: t.acts.open, onClick: () => open(made.id) } })
    } else {
      const { ticket } = await sendAct({ ...act, ...workOf('macro', work.data) })
      showTicket(client, ticket)
      client.invalidateQueries({ queryKey: timelineKey(ticket.id) })
      toast(t.acts.sentLater(act.text), { action: { label: t.acts.open, onClick: () => open(ticket.id) } })
    }
  } catch (error) {
    if (!(error instanceof Discarded))
      toast.error(t.acts.notSentLater(act.text), { description: (error as Error).message })
  }
}

/** Sends what was left behind by the one who is signed in; until it is answered it is shown as waiting. */
export function useResumedActs() {
  const client = useQueryClient()
  const navigate = useNavigate()
  useEffect(() => {
    const open = (id: number) => void navigate({ to: '/tickets/$id', params: { id: String(id) } })
    takeOverActs((act) => void resume(client, act, open))
  }, [client, navigate])
}
