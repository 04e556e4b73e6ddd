import { Link } from '@tanstack/react-router'
import { GitMerge, Link2, type LucideIcon, Pencil, Route, Split, Trash2, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { At } from '@/desk/at'
import type { Told } from './describe-event'
import { Emphasized } from './emphasized'
import type { Entry } from './entries'
import { t } from './messages'

const ICONS: Record<Told['icon'] | 'routing', LucideIcon | null> = {
  change: null,
  opened: null,
  assigned: UserRound,
  merged: GitMerge,
  split: Split,
  linked: Link2,
  trash: Trash2,
  edited: Pencil,
  routing: Route,
}

const ACT = 'rounded px-1 font-medium text-accent hover:underline max-md:-my-2 max-md:inline-block max-md:py-3'

function Line({ icon, at, children }: { icon: keyof typeof ICONS; at: string; children: ReactNode }) {
  const Icon = ICONS[icon]
  return (
    <li className="flex gap-3 text-[12px] text-dim">
      <span aria-hidden className="grid h-5 w-7 shrink-0 place-items-center">
        {Icon ? <Icon size={14} /> : <span className="size-1.5 rounded-full bg-check" />}
      </span>
      <span className="min-w-0">
        {children} · <At iso={at} />
      </span>
    </li>
  )
}

/** Something that happened beside the messages, in one quiet line. */
export function EventLine({
  entry,
  onWhy,
  onSplit,
}: {
  entry: Exclude<Entry, { kind: 'message' }>
  onWhy: (() => void) | undefined
  /** Splits a ticket off again that was merged into this one. */
  onSplit: ((ticket: number) => void) | undefined
}) {
  if (entry.kind === 'system')
    return (
      <Line icon="change" at={entry.at}>
        <span dir="auto" className="[overflow-wrap:anywhere]">
          {entry.text}
        </span>
      </Line>
    )
  if (entry.kind === 'routing')
    return (
      <Line icon="routing" at={entry.at}>
        <Emphasized text={entry.text} names={entry.names} />
        {onWhy && (
          <button type="button" className={ACT} onClick={onWhy} aria-label={t.whyLabel}>
            {t.why} <span aria-hidden>→</span>
          </button>
        )}
      </Line>
    )
  const { told } = entry
  const { mergedHere } = told
  return (
    <Line icon={told.icon} at={entry.at}>
      <Emphasized text={told.text} names={told.names} />
      {told.ticket !== undefined && (
        <Link to="/tickets/$id" params={{ id: String(told.ticket) }} className={ACT}>
          #{told.ticket} <span aria-hidden>→</span>
        </Link>
      )}
      {told.message !== undefined && (
        <Link to="." hash={`message-${told.message}`} replace className={ACT}>
          {t.message}
        </Link>
      )}
      {mergedHere !== undefined && onSplit && (
        <button type="button" className={ACT} onClick={() => onSplit(mergedHere)}>
          {t.splitAgain}
        </button>
      )}
    </Line>
  )
}
