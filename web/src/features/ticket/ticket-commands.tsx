import { useQuery } from '@tanstack/react-query'
import { CheckCircle2, Lock, Reply, UserPlus } from 'lucide-react'
import { type Command, useCommands } from '@/desk/commands'
import { statusesQuery, statusOf } from '@/desk/config'
import { meQuery } from '@/desk/me'
import { assign, setStatus, solve, type TicketChange } from '@/desk/ticket-changes'

interface Options {
  apply: (change: TicketChange) => void
  write: (kind: 'reply' | 'note') => void
  chooseAssignee: () => void
  /** Only on a page: beside the queue, the queue's own keys change the ticket under the cursor. */
  onBack: (() => void) | undefined
}

/** The keys of a ticket, and what the palette offers on it. */
export function useTicketCommands({ apply, write, chooseAssignee, onBack }: Options) {
  const { data: me } = useQuery(meQuery)
  const { data: statuses } = useQuery(statusesQuery)
  const applyStatusOf = (category: string) => {
    const status = statusOf(statuses, category)
    if (status) apply(setStatus(status))
  }
  const writing: Command[] = [
    { keys: 'r', label: 'Reply', group: 'Actions', icon: <Reply size={16} />, run: () => write('reply') },
    {
      keys: 'n',
      label: 'Write an internal note',
      group: 'Actions',
      icon: <Lock size={16} />,
      run: () => write('note'),
    },
  ]
  useCommands(
    onBack
      ? [
          ...writing,
          { keys: 'a', label: 'Assign', run: chooseAssignee },
          {
            keys: 'i',
            label: 'Assign to me',
            group: 'Actions',
            icon: <UserPlus size={16} />,
            run: () => me && apply(assign(me)),
          },
          {
            keys: 'e',
            label: 'Solve ticket',
            group: 'Actions',
            icon: <CheckCircle2 size={16} />,
            run: () => apply(solve(statuses)),
          },
          { keys: 's o', label: 'Set status to Open', run: () => applyStatusOf('open') },
          { keys: 's p', label: 'Set status to Pending', run: () => applyStatusOf('pending') },
          { keys: 's h', label: 'Set status to On hold', run: () => applyStatusOf('on_hold') },
          { keys: 's s', label: 'Set status to Solved', run: () => apply(solve(statuses)) },
          { keys: 'Escape', label: 'Back to the queue', run: onBack },
        ]
      : writing,
  )
}
