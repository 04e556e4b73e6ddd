/** The cells of a row, by column. */
import { useQueryClient } from '@tanstack/react-query'
import { Eye, Globe, Mail, MessageCircle, PencilLine, Phone, Upload, Users, Webhook } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { PriorityIcon } from '@/components/ui/priority-icon'
import { StatusIcon } from '@/components/ui/status-icon'
import { Tag } from '@/components/ui/tag'
import { labelIn, prioritiesQuery, statusesQuery, typeWord } from '@/desk/config'
import { useFieldWords } from '@/desk/field-words'
import { NextBreach } from '@/desk/next-breach'
import type { Row } from '@/desk/tickets'
import { TimeAgo } from '@/desk/time-ago'
import type { Schemas } from '@/lib/api/client'
import { t } from './messages'

const CHANNEL: Record<string, typeof Mail> = {
  email: Mail,
  web: Globe,
  chat: MessageCircle,
  phone: Phone,
  api: Webhook,
  social: Users,
  import: Upload,
}

export function Via({ channel }: { channel: string }) {
  const Icon = CHANNEL[channel] ?? Globe
  return (
    <Icon
      size={15}
      className="shrink-0 text-dim"
      role="img"
      aria-label={(t.channel as Record<string, string>)[channel] ?? channel}
    />
  )
}

export type Present = Schemas['Present']

/** An eye and the faces of those who are on a ticket now; a pencil when one of them writes. */
export function Others({ people }: { people: Present[] }) {
  const writing = people.some(({ state }) => state !== 'viewing')
  const names = people.map(({ name }) => name).join(', ')
  const Icon = writing ? PencilLine : Eye
  return (
    <span
      role="img"
      aria-label={writing ? t.row.writing(names) : t.row.looking(names)}
      title={writing ? t.row.writing(names) : t.row.looking(names)}
      className="ms-auto flex shrink-0 items-center gap-1 text-dim"
    >
      <Icon size={14} aria-hidden />
      <span aria-hidden className="flex -space-x-1">
        {people.slice(0, 3).map(({ id, name }) => (
          <Avatar key={id} name={name} size={18} />
        ))}
      </span>
    </span>
  )
}

/** The value of a custom field, as its reader reads it. */
function RowCustom({ path, value }: { path: string; value: unknown }) {
  const words = useFieldWords([{ path, value }])
  if (value === null || value === undefined) return '–'
  if (value === true) return '✓'
  return words.value(path, value) ?? JSON.stringify(value)
}

/** The queue has read the statuses before it draws rows: a row need not listen for them. */
export function RowStatus({ row }: { row: Row }) {
  const statuses = useQueryClient().getQueryData(statusesQuery.queryKey)
  return <StatusIcon category={row.status_category} label={labelIn(statuses, 'status', row.status)} />
}

export function RowPriority({ row }: { row: Row }) {
  const priorities = useQueryClient().getQueryData(prioritiesQuery.queryKey)
  return <PriorityIcon priority={row.priority} label={labelIn(priorities, 'priority', row.priority)} />
}

const MOST_TAGS = 2

/** What a cell shows, besides the subject. */
export function cellOf(row: Row, key: string): ReactNode {
  switch (key) {
    case 'id':
      return <span className="text-dim">{row.id}</span>
    case 'priority':
      return <RowPriority row={row} />
    case 'status':
      return <RowStatus row={row} />
    case 'tags':
      return (
        <span className="flex min-w-0 items-center gap-1 overflow-hidden" title={row.tags.join(', ')}>
          {row.tags.slice(0, MOST_TAGS).map((tag) => (
            <Tag key={tag} name={tag} />
          ))}
          {row.tags.length > MOST_TAGS && (
            <span className="shrink-0 text-[12px] text-dim">{t.row.more(row.tags.length - MOST_TAGS)}</span>
          )}
        </span>
      )
    case 'requester':
      return (
        <span className="truncate" dir="auto">
          {row.requester.name} <span className="ms-1 text-dim">{row.organization?.name}</span>
        </span>
      )
    case 'organization':
      return (
        <span className="truncate" dir="auto">
          {row.organization?.name}
        </span>
      )
    case 'channel':
      return <Via channel={row.channel} />
    case 'type':
      return <span className="truncate text-dim">{typeWord(row.type)}</span>
    case 'team':
      return row.team ? (
        <span className="flex min-w-0 items-center gap-1.5">
          <span className="size-2 shrink-0 rounded-[2px]" style={{ background: row.team.color }} />
          <span className="truncate" dir="auto">
            {row.team.name}
          </span>
        </span>
      ) : null
    case 'assignee':
      return <Avatar name={row.assignee?.name} />
    case 'next_breach_at':
      return row.next_breach_at ? <NextBreach at={row.next_breach_at} /> : null
    case 'created_at':
      return <TimeAgo at={row.created_at} />
    case 'updated_at':
      return <TimeAgo at={row.updated_at} />
    case 'solved_at':
      return row.solved_at ? <TimeAgo at={row.solved_at} /> : null
    default:
      return (
        <span className="truncate text-dim" dir="auto">
          <RowCustom path={key} value={row.custom?.[key.slice('custom.'.length)]} />
        </span>
      )
  }
}
