import { Link } from '@tanstack/react-router'
import { GitMerge, Link2, type LucideIcon, Pencil, Route, Split, Trash2, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { Told } from '@/components/ui/told'
import { At } from '@/desk/at'
import { useProblemWords } from '@/desk/problem-words'
import type { Told as ToldEvent } from './describe-event'
import { describeSystem } from './describe-system'
import { Emphasized } from './emphasized'
import type { Entry } from './entries'
import { t } from './messages'

const ICONS: Record<ToldEvent['icon'] | 'routing', LucideIcon | null> = {
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

const LINK = 'rounded font-medium text-accent hover:underline max-md:-my-2 max-md:inline-block max-md:py-3'
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

function SystemLine({ text, at }: { text: string; at: string }) {
  const words = useProblemWords()
  const told = describeSystem(text, words.kept)
  return (
    <Line icon="change" at={at}>
      <span className="[overflow-wrap:anywhere]">
        <Told text={told.text} />
      </span>
      {told.ticket !== undefined && (
        <>
          {' '}
          <TicketLink id={told.ticket} />
        </>
      )}
    </Line>
  )
}

/** Another ticket, where the sentence names it. */
const TicketLink = ({ id }: { id: number | undefined }) => (
  <Link to="/tickets/$id" params={{ id: String(id) }} className={LINK}>
    #{id}
  </Link>
)

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
  if (entry.kind === 'system') return <SystemLine text={entry.text} at={entry.at} />
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
      <Emphasized
        text={told.text}
        names={told.names}
        draw={(name) => name === `#${told.ticket}` && <TicketLink id={told.ticket} />}
      />
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
