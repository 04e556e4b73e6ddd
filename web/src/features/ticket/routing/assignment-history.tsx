import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { useTimes } from '@/desk/times'
import { t } from './messages'
import { assignmentsQuery } from './queries'

/** Who has had the ticket, the latest first, and who gave it to them. */
export function AssignmentHistory({ ticket }: { ticket: number }) {
  const { data, error, refetch } = useQuery(assignmentsQuery(ticket))
  const { exact, full } = useTimes()
  if (error && !data)
    return (
      <div role="alert" className="flex items-center gap-2 text-[12px]">
        <span className="flex-1">{t.failed}</span>
        <Button variant="chip" onClick={() => refetch()}>
          <RotateCw size={13} aria-hidden /> {t.tryAgain}
        </Button>
      </div>
    )
  if (!data) return <div className="h-16 animate-pulse rounded bg-hover" aria-hidden />
  return (
    <ol className="space-y-2 text-[12px] leading-4">
      {data.items.toReversed().map((span) => (
        <li key={`${span.from}${span.assignee?.id}${span.team?.id}`} className="flex gap-2">
          <Avatar name={span.assignee?.name} size={22} />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <span className="flex flex-wrap gap-x-1.5">
              <span dir="auto" className="font-medium">
                {span.assignee?.name ?? t.had.unassigned}
              </span>
              <span className="text-dim">· {span.team?.name ?? t.had.noTeam}</span>
            </span>
            <span className="block text-dim" title={full(span.from)}>
              {span.to ? t.had.fromTo(exact(span.from), exact(span.to)) : t.had.since(exact(span.from))},{' '}
              {span.by ? t.had.by(span.by.name) : t.had.byDesk}
            </span>
          </span>
        </li>
      ))}
    </ol>
  )
}
