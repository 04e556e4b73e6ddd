import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { AtSign, Check, CornerUpLeft, Eye, type LucideIcon, MailOpen, UserRound, UserX } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Kbd } from '@/components/ui/kbd'
import { StatusOf } from '@/desk/status-of'
import { TimeAgo } from '@/desk/time-ago'
import type { Kind, Line as LineOf } from './fold'
import { t } from './messages'
import { sentenceOf } from './sentence'

const ICONS: Record<Kind, { icon: LucideIcon; tint: string }> = {
  mentioned: { icon: AtSign, tint: 'bg-accent text-accent-ink' },
  assigned: { icon: UserRound, tint: 'bg-blue text-canvas' },
  requester_replied: { icon: CornerUpLeft, tint: 'bg-slate text-canvas' },
  followed: { icon: Eye, tint: 'bg-slate text-canvas' },
  team_unassigned: { icon: UserX, tint: 'bg-amber text-canvas' },
}

/** As many tickets of one line are listed; the rest is a number. */
const MOST_TICKETS = 3

/** One line of the panel. Its link has the focus; the buttons come with it. */
export function Line({
  line,
  current,
  done,
  onOpen,
  onDone,
  onUnread,
}: {
  line: LineOf
  current: boolean
  /** Whether this is the list of what is done. */
  done: boolean
  onOpen: () => void
  onDone: () => void
  onUnread: () => void
}) {
  const [newest] = line.items
  if (!newest) return null
  const { icon: Icon, tint } = ICONS[line.kind]
  const { who, what } = sentenceOf(line)
  const tickets = [...new Map(line.items.map(({ ticket }) => [ticket.id, ticket])).values()]
  const shown = tickets.slice(0, MOST_TICKETS)
  return (
    <li
      data-current={current}
      className={clsx(
        'group relative mx-2 rounded-lg px-2.5 py-2.5 hover:bg-hover focus-within:bg-hover',
        current &&
          'bg-hover before:absolute before:inset-y-2 before:start-0 before:w-0.5 before:rounded before:bg-accent',
      )}
    >
      <div className="flex gap-3">
        <span className="relative shrink-0 self-start" aria-hidden>
          {who ? (
            <Avatar name={who} size={32} />
          ) : (
            <span className="grid size-8 place-items-center rounded-full bg-chosen text-dim">
              <Icon size={16} />
            </span>
          )}
          {who && (
            <span
              className={clsx(
                'absolute -end-1 -bottom-1 grid size-4 place-items-center rounded-full ring-2 ring-panel',
                tint,
              )}
            >
              <Icon size={10} strokeWidth={2.5} />
            </span>
          )}
        </span>
        <div className="min-w-0 flex-1">
          <div className="flex items-baseline gap-2">
            <p className="min-w-0 flex-1">
              {who && <bdi className={clsx(line.unread ? 'font-semibold' : 'font-medium')}>{who}</bdi>}{' '}
              <span className={clsx(!who && (line.unread ? 'font-semibold' : 'font-medium'))}>{what}</span>
            </p>
            <span className="shrink-0 text-[12px] text-dim">
              <TimeAgo at={newest.at} />
            </span>
            <span className="grid w-2 shrink-0 place-items-center self-center">
              {line.unread && <span role="img" aria-label={t.unread} className="size-2 rounded-full bg-accent" />}
            </span>
          </div>
          {shown.map((ticket, at) => (
            <Link
              key={ticket.id}
              to="/tickets/$id"
              params={{ id: String(ticket.id) }}
              onClick={onOpen}
              data-line={at === 0 ? line.key : undefined}
              tabIndex={at === 0 && current ? 0 : -1}
              // The first one is pressed anywhere on the line.
              className={clsx(
                'mt-0.5 flex min-h-6 items-center gap-2 rounded-sm max-md:min-h-8',
                at === 0 ? 'after:absolute after:inset-0' : 'relative z-10 hover:underline',
              )}
            >
              <StatusOf ticket={ticket} />
              <span className="text-dim">#{ticket.id}</span>
              <span className="min-w-0 truncate" dir="auto">
                {ticket.subject}
              </span>
            </Link>
          ))}
          {tickets.length > shown.length && (
            <p className="text-[12px] text-dim">{t.more(tickets.length - shown.length)}</p>
          )}
          {newest.excerpt && tickets.length === 1 && (
            <div className="mt-1 border-s-2 border-line ps-2.5">
              <p dir="auto" className="line-clamp-2 text-dim [overflow-wrap:anywhere]">
                {newest.excerpt}
              </p>
            </div>
          )}
          <div
            className={clsx(
              'relative z-10 mt-2 flex gap-2 max-md:flex',
              current ? 'flex' : 'hidden in-[.group:focus-within]:flex',
            )}
          >
            <Act label={done ? t.notDone : t.done} keys="E" icon={<Check size={14} aria-hidden />} run={onDone} />
            {!line.unread && !done && (
              <Act label={t.markUnread} keys="U" icon={<MailOpen size={14} aria-hidden />} run={onUnread} />
            )}
          </div>
        </div>
      </div>
    </li>
  )
}

const Act = ({ label, keys, icon, run }: { label: string; keys: string; icon: ReactNode; run: () => void }) => (
  <button
    type="button"
    onClick={run}
    className="flex h-7 items-center gap-1.5 rounded-md border border-line bg-raised px-2 text-dim hover:text-ink max-md:h-11 max-md:px-3"
  >
    {icon} {label}{' '}
    <span className="max-md:hidden" aria-hidden>
      <Kbd>{keys}</Kbd>
    </span>
  </button>
)
