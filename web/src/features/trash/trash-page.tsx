import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArchiveRestore, Lock, Trash2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { PageTitle } from '@/desk/page'
import { WAY_ON } from '@/desk/page-failed'
import { useRestoreTicket } from '@/desk/ticket-acts'
import { useTimes } from '@/desk/times'
import { trashQuery } from '@/desk/trash'
import { useWayBack } from '@/desk/way-back'
import { ApiProblem } from '@/lib/api/client'
import { t } from './messages'

/** Deleted tickets, the latest first, each with its way back. */
export function TrashPage() {
  useWayBack()
  const { data, error, refetch, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(trashQuery)
  const refused = error instanceof ApiProblem && error.status === 403
  const restore = useRestoreTicket()
  const { exact, day } = useTimes()
  const items = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <header className="flex h-12 shrink-0 items-center border-b border-line px-4 md:px-5">
        <PageTitle title={t.title} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-[760px] px-4 py-5 md:px-5">
          {!refused && <p className="mb-4 text-dim">{t.about}</p>}
          {isPending && <div aria-hidden className="h-40 animate-pulse rounded-lg bg-hover" />}
          {error &&
            !data &&
            (refused ? (
              <EmptyState
                icon={<Lock size={20} />}
                title={t.refused}
                action={
                  <Link to="/" className={WAY_ON}>
                    {t.toInbox}
                  </Link>
                }
              />
            ) : (
              <ErrorState error={error} retry={() => refetch()} />
            ))}
          {data && items.length === 0 && <EmptyState icon={<Trash2 size={20} />} title={t.empty} />}
          {items.length > 0 && (
            <ul className="divide-y divide-line rounded-lg border border-line">
              {items.map((ticket) => (
                <li key={ticket.id} className="flex flex-wrap items-center gap-3 px-4 py-2.5">
                  <span className="min-w-0 flex-1 basis-64">
                    <span dir="auto" className="block font-medium [overflow-wrap:anywhere]">
                      {ticket.subject}
                    </span>
                    <span className="block text-[12px] text-dim">
                      #{ticket.id} · {t.deleted(exact(ticket.deleted_at), ticket.deleted_by?.name ?? t.desk)} ·{' '}
                      {t.gone(day(ticket.gone_at))}
                    </span>
                  </span>
                  <Button
                    variant="chip"
                    className="max-md:h-11"
                    aria-label={t.restoreLabel(ticket.id)}
                    disabled={restore.isPending && restore.variables === ticket.id}
                    onClick={() => restore.mutate(ticket.id)}
                  >
                    <ArchiveRestore size={15} aria-hidden /> {t.restore}
                  </Button>
                </li>
              ))}
            </ul>
          )}
          {hasNextPage && (
            <Button
              className="mx-auto mt-3 flex max-md:h-11"
              disabled={isFetchingNextPage}
              onClick={() => fetchNextPage()}
            >
              {t.more}
            </Button>
          )}
        </div>
      </div>
    </>
  )
}
