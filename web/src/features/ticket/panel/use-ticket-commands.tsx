import { useQuery, useQueryClient } from '@tanstack/react-query'
import {
  AtSign,
  Building2,
  CheckCheck,
  CheckCircle2,
  CircleDot,
  CircleUser,
  ClipboardList,
  Eye,
  EyeOff,
  Flag,
  GraduationCap,
  Languages,
  Lock,
  type LucideIcon,
  PanelRight,
  Pencil,
  Reply,
  Shapes,
  Tags,
  UserPlus,
  Users,
} from 'lucide-react'
import { type Command, type Section, useCommands } from '@/desk/commands'
import { formsQuery, statusesQuery, statusOf } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { markUnread } from '@/desk/reads'
import { assign, reopen, setStatus, solve } from '@/desk/ticket-changes'
import type { OpenMenu, OpenTicket } from '../ticket-context'
import { t } from './messages'

interface Options {
  open: OpenTicket
  write: (kind: 'reply' | 'note') => void
  showDetails: () => void
  /** Only on a page: beside the queue, the queue's own keys change the ticket under the cursor. */
  page: { back: () => void; next: () => void; previous: () => void; advance: () => void } | undefined
}

/** The keys of a ticket, and what the palette and its menu offer on it. */
export function useTicketCommands({ open: { ticket, apply, setMenu, why }, write, showDetails, page }: Options) {
  const { data: me } = useQuery(meQuery)
  const { data: statuses } = useQuery(statusesQuery)
  const { data: forms } = useQuery(formsQuery)
  const client = useQueryClient()
  const closed = ticket.status_category === 'closed'
  const applyStatusOf = async (category: string) => {
    // A key can come before the statuses: it is not swallowed.
    const status = statusOf(statuses ?? (await client.ensureQueryData(statusesQuery).catch(() => undefined)), category)
    if (status) void apply(setStatus(status))
  }
  const label = (category: string) => t.status.set(statusOf(statuses, category)?.label ?? category)
  const actionIn =
    (section: Section) =>
    (keys: string, label: string, icon: Command['icon'], run: () => void): Command => ({
      keys,
      label,
      icon,
      run,
      section,
      group: 'Actions',
    })
  const [writes, sets, fills, does] = [actionIn('write'), actionIn('state'), actionIn('fields'), actionIn('more')]
  // A closed ticket takes no answer and keeps its status.
  const writing: Command[] = closed
    ? []
    : [
        writes('r', t.reply, <Reply size={16} />, () => write('reply')),
        writes('n', t.writeNote, <Lock size={16} />, () => write('note')),
      ]
  const toStatus: Command[] = closed
    ? []
    : [
        ...(ticket.status_category === 'solved'
          ? [sets('', t.reopenTicket, <CheckCircle2 size={16} />, () => void apply(reopen(statuses)))]
          : [
              sets('e', t.solveTicket, <CheckCircle2 size={16} />, () => void apply(solve(statuses))),
              sets('E', t.solveAndNext, <CheckCheck size={16} />, async () => {
                if (await apply(solve(statuses))) page?.advance()
              }),
            ]),
        { keys: 's o', label: label('open'), run: () => applyStatusOf('open') },
        { keys: 's p', label: label('pending'), run: () => applyStatusOf('pending') },
        { keys: 's h', label: label('on_hold'), run: () => applyStatusOf('on_hold') },
        { keys: 's s', label: label('solved'), run: () => void apply(solve(statuses)) },
      ]
  const formed = Boolean(ticket.form) || forms?.items.some((form) => form.active && form.shown_to.includes('agent'))
  const asks = (key: string, menu: Exclude<OpenMenu, null>, label: string, Icon: LucideIcon) =>
    fills(`v ${key}`, label, <Icon size={16} />, () => setMenu(menu))
  // One key for what is set now and then, and a second for which.
  const asking: Command[] = [
    ...(closed ? [] : [asks('s', 'status', t.set.status, CircleDot)]),
    asks('t', 'subject', t.subject.edit, Pencil),
    asks('r', 'requester', t.set.requester, CircleUser),
    asks('o', 'organization', t.set.organization, Building2),
    asks('l', 'language', t.set.language, Languages),
    asks('k', 'skills', t.set.skills, GraduationCap),
    ...(formed ? [asks('f', 'form', t.set.form, ClipboardList)] : []),
    asks('w', 'followers', t.set.followers, Eye),
    ...(closed
      ? []
      : [
          fills('v c', t.set.cc, <AtSign size={16} />, () => {
            write('reply')
            setMenu('cc')
          }),
        ]),
  ]
  useCommands(
    page
      ? [
          ...writing,
          sets('a', t.assignee.choose, <UserPlus size={16} />, () => setMenu('assignee')),
          sets('i', t.assignee.me, <UserPlus size={16} />, () => me && void apply(assign(me))),
          sets('p', t.priority.choose, <Flag size={16} />, () => setMenu('priority')),
          sets('t', t.chooseTeam, <Users size={16} />, () => setMenu('team')),
          fills('y', t.chooseType, <Shapes size={16} />, () => setMenu('type')),
          fills('l', t.addTags, <Tags size={16} />, () => setMenu('tags')),
          ...asking,
          does('u', t.markUnread, <EyeOff size={16} />, () => {
            void markUnread(client, ticket.id)
            page.back()
          }),
          does('d', t.showDetails, <PanelRight size={16} />, showDetails),
          ...toStatus,
          { keys: 'j', label: t.next, run: page.next },
          { keys: 'k', label: t.previous, run: page.previous },
          // One step back at a time.
          { keys: 'Escape', label: t.back, run: () => (why.open ? why.toggle(false) : page.back()) },
        ]
      : writing,
  )
}
