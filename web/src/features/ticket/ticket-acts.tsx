/** The acts on a ticket as a whole: their commands, and the dialogs that some of them open. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CornerDownRight, GitMerge, Link2, ListFilter, Route, Share2, Split, Trash2 } from 'lucide-react'
import { Suspense, useState } from 'react'
import { Confirm } from '@/components/ui/confirm'
import { toast } from '@/components/ui/toast'
import { type Command, useCommands } from '@/desk/commands'
import { meQuery } from '@/desk/me'
import { useFollowUpTicket, useTrashTicket } from '@/desk/ticket-acts'
import type { Ticket } from '@/desk/tickets'
import { lazyPart } from '@/lib/lazy-part'
import { t } from './acts/messages'
import { similarQuery } from './merge/queries'
import type { SplitOff } from './split/split-dialog'
import type { Why } from './ticket-context'

const MergeDialog = lazyPart(() => import('./merge/merge-dialog').then((part) => ({ default: part.MergeDialog })))
const SplitDialog = lazyPart(() => import('./split/split-dialog').then((part) => ({ default: part.SplitDialog })))
const LinkDialog = lazyPart(() => import('./links/link-dialog').then((part) => ({ default: part.LinkDialog })))
const WhyDialog = lazyPart(() => import('./routing/why-dialog').then((part) => ({ default: part.WhyDialog })))

type Dialog =
  | { kind: 'merge' }
  | { kind: 'follow-up' }
  | { kind: 'link' }
  | { kind: 'why' }
  | { kind: 'split'; what: SplitOff }

export interface TicketActs {
  why: Why
  splitOff: (what: SplitOff) => void
  link: () => void
  followUp: () => void
  startFollowUp: () => void
  dialog: Dialog | null
  close: () => void
}

/** `page`: of its own; beside the queue, its keys are the queue's. `leave`: from a ticket that is no more. */
export function useTicketActs(
  ticket: Ticket,
  { page, filter, leave }: { page: boolean; filter: () => void; leave: () => void },
): TicketActs {
  const navigate = useNavigate()
  const { data: me } = useQuery(meQuery)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const [why, setWhy] = useState({ open: false, asked: 0 })
  const trash = useTrashTicket()
  const followUp = useFollowUpTicket()
  const open = (id: number) => navigate({ to: '/tickets/$id', params: { id: String(id) } })
  const closed = ticket.status_category === 'closed'
  // The column is there before what it holds, so that a key at once unfolds the card in it too.
  const inDetails = () => document.getElementById('details')?.checkVisibility() === true

  const showWhy = () =>
    inDetails() ? setWhy(({ asked }) => ({ open: true, asked: asked + 1 })) : setDialog({ kind: 'why' })
  const act = (keys: string, label: string, Icon: typeof Route, run: () => void): Command => ({
    keys: page ? keys : '',
    label,
    group: 'Actions',
    icon: <Icon size={16} />,
    run,
  })
  const copyLink = () =>
    navigator.clipboard.writeText(`${location.origin}/tickets/${ticket.id}`).then(
      () => toast.success(t.copied),
      () => toast.error(t.notCopied),
    )
  const askFollowUp = () => setDialog({ kind: 'follow-up' })
  useCommands([
    act('w', t.why, Route, () =>
      inDetails() && why.open ? setWhy(({ asked }) => ({ open: false, asked })) : showWhy(),
    ),
    act('f', t.filter, ListFilter, filter),
    closed
      ? act('U', t.followUp, CornerDownRight, askFollowUp)
      : act('M', t.merge, GitMerge, () => setDialog({ kind: 'merge' })),
    act('S', t.split, Split, () => setDialog({ kind: 'split', what: {} })),
    act('L', t.link, Link2, () => setDialog({ kind: 'link' })),
    act('', t.copyLink, Share2, copyLink),
    ...(me?.role === 'admin' ? [act('#', t.trash, Trash2, () => trash.mutate(ticket.id, { onSuccess: leave }))] : []),
  ])
  return {
    why: { ...why, toggle: (open) => setWhy(({ asked }) => ({ open, asked })), show: showWhy },
    splitOff: (what) => setDialog({ kind: 'split', what }),
    link: () => setDialog({ kind: 'link' }),
    followUp: askFollowUp,
    startFollowUp: () => {
      if (!followUp.isPending) followUp.mutate(ticket.id, { onSuccess: (made) => open(made.id) })
    },
    dialog,
    close: () => setDialog(null),
  }
}

/** The dialog that is open, loaded when it is first asked for. */
export function TicketDialogs({ ticket, acts }: { ticket: Ticket; acts: TicketActs }) {
  const navigate = useNavigate()
  const { dialog, close } = acts
  // Offered before anybody types.
  const { data: similar } = useQuery({ ...similarQuery(ticket.id), enabled: dialog?.kind === 'link' })
  const go = (id: number) => {
    close()
    if (id !== ticket.id) navigate({ to: '/tickets/$id', params: { id: String(id) } })
  }
  if (!dialog) return null
  return (
    <Suspense>
      {dialog.kind === 'merge' && (
        <MergeDialog open into={ticket.id} onClose={close} onMerged={go} onLink={acts.link} />
      )}
      {dialog.kind === 'split' && <SplitDialog ticket={ticket} what={dialog.what} onClose={close} />}
      {dialog.kind === 'follow-up' && (
        <Confirm open title={t.followUpAsk(ticket.id)} verb={t.followUp} onConfirm={acts.startFollowUp} onClose={close}>
          {t.followUpText}
        </Confirm>
      )}
      {dialog.kind === 'link' && <LinkDialog open ticket={ticket} alike={similar?.items} onClose={close} />}
      {dialog.kind === 'why' && <WhyDialog ticket={ticket} title={t.whyTitle(ticket.id)} onClose={close} />}
    </Suspense>
  )
}
