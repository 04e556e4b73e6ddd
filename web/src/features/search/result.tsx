import { Link } from '@tanstack/react-router'
import { FileText } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { Marked, markWords } from '@/desk/search/marked'
import { type Found, wordsOf } from '@/desk/search/queries'
import { valuesOf } from '@/desk/search/tokens'
import { PriorityOf, StatusOf } from '@/desk/status-of'
import { TimeAgo } from '@/desk/time-ago'
import { useTimes } from '@/desk/times'
import { t } from './messages'

const CHIP =
  'inline-flex max-w-full items-center gap-1 rounded border border-line bg-raised px-1.5 text-[12px] leading-[18px]'

/** A ticket that was found: what was found in it, who wrote that, and when. */
export function Result({ row, question, onOpen }: { row: Found; question: string; onOpen: () => void }) {
  const times = useTimes()
  const { subject, text, author, at, message_kind, files } = row.highlights
  const words = wordsOf(question)
  const wanted = [...words, ...valuesOf(question, 'tag')]
  const who = author?.name ?? row.requester.name
  const name = markWords(row.requester.name, words)
  return (
    <li className="relative flex gap-3 border-b border-line px-3 py-2.5 hover:bg-hover has-[a:focus]:bg-chosen has-[a:focus]:row-bar md:px-4">
      <span className="pt-0.5">
        <StatusOf ticket={row} />
      </span>
      <div className="min-w-0 flex-1 space-y-0.5">
        <p className="flex min-w-0 flex-wrap items-center gap-x-2">
          <Link
            to="/tickets/$id"
            params={{ id: String(row.id) }}
            data-row
            onClick={onOpen}
            dir="auto"
            className="text-[14px] leading-[22px] font-semibold [overflow-wrap:anywhere] outline-none after:absolute after:inset-0"
          >
            {subject ? <Marked html={subject} /> : row.subject}
          </Link>
          <span className="text-dim">#{row.id}</span>
          {row.priority !== 'normal' && <PriorityOf ticket={row} />}
        </p>
        <p className="line-clamp-2 [overflow-wrap:anywhere]">
          <span className="me-1.5 text-[12px] text-dim">
            {message_kind === 'note' && `${t.note}, `}
            {t.wrote(who.split(' ')[0] ?? who, times.exact(at ?? row.created_at))}
          </span>
          <span dir="auto">{text ? <Marked html={text} /> : row.snippet}</span>
        </p>
        <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-[12px]">
          <span className="font-medium" dir="auto">
            <Marked html={name} />
          </span>
          {row.organization && (
            <span className="text-dim" dir="auto">
              <Marked html={markWords(row.organization.name, words)} />
            </span>
          )}
          {files.map((file) => (
            <span key={file} className={CHIP} dir="auto">
              <FileText size={12} className="shrink-0 text-dim" aria-hidden />
              <span className="truncate">
                <Marked html={file} />
              </span>
            </span>
          ))}
          {row.tags.map((tag) => (
            <span key={tag} className={CHIP} dir="auto">
              <span className="truncate">
                <Marked html={markWords(tag, wanted)} />
              </span>
            </span>
          ))}
        </p>
      </div>
      <div className="flex shrink-0 items-start gap-3">
        <Avatar name={row.assignee?.name} size={20} />
        <span className="min-w-8 text-end whitespace-nowrap text-dim">
          <TimeAgo at={row.updated_at} />
        </span>
      </div>
    </li>
  )
}
