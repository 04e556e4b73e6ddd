import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, SearchX, Trash2, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { meQuery } from '@/desk/me'
import { usePageTitle } from '@/desk/page'
import { lastQueue } from '@/desk/queue-position'
import { useRestoreTicket } from '@/desk/ticket-acts'
import { trashQuery } from '@/desk/trash'
import { MAC } from '@/lib/mac'
import { ICON_BUTTON } from './icon-button'
import { t } from './messages'

const MOD = MAC ? '⌘K' : 'Ctrl K'

function Sheet({
  icon,
  title,
  about,
  preview,
  children,
}: {
  icon: ReactNode
  title: string
  about: string
  /** Beside a queue, whose page it is. */
  preview: boolean
  children: ReactNode
}) {
  const Heading = preview ? 'h2' : 'h1'
  const body = (
    <div className="grid min-h-0 flex-1 place-content-center overflow-auto p-6">
      <section role="alert" className="flex max-w-[440px] flex-col items-center gap-2 text-center">
        <span className="grid size-12 place-items-center rounded-full bg-hover text-dim">{icon}</span>
        <Heading className="text-[16px] leading-6 font-semibold">{title}</Heading>
        <p className="text-dim [overflow-wrap:anywhere]">{about}</p>
        <div className="mt-2 flex flex-wrap items-center justify-center gap-3">{children}</div>
      </section>
    </div>
  )
  if (preview) return body
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      {/* As on a ticket's page. */}
      <div className="flex h-12 shrink-0 items-center border-b border-line px-4 max-md:h-14 max-md:px-1">
        <Link to="/" search={lastQueue()} className={ICON_BUTTON} aria-label={t.back}>
          <ArrowLeft size={16} className="rtl:-scale-x-100" />
        </Link>
      </div>
      {body}
    </div>
  )
}

/** For an address without a ticket, or of one that this agent cannot see: both look the same. `asked`: as it was written. */
export function NoSuchTicket({ asked, close }: { asked: string; close?: ReactNode }) {
  const { data: me } = useQuery(meQuery)
  const mayRestore = me?.role === 'admin' && /^\d+$/.test(asked)
  const trash = useInfiniteQuery({ ...trashQuery, enabled: mayRestore })
  const restore = useRestoreTicket()
  const deleted = trash.data?.pages.flatMap((page) => page.items).find(({ id }) => String(id) === asked)
  const { notNumber, about, inTrash, title, titleInTrash } = t.noSuchTicket
  usePageTitle(close ? undefined : t.noSuchTicket.title)
  return (
    <Sheet
      icon={deleted ? <Trash2 size={22} aria-hidden /> : <SearchX size={22} aria-hidden />}
      title={deleted ? titleInTrash(asked) : title}
      preview={close !== undefined}
      about={deleted ? inTrash(deleted.subject) : /^\d+$/.test(asked) ? about(asked) : notNumber(asked)}
    >
      {deleted && (
        <Button
          variant="primary"
          className="max-md:h-11"
          disabled={restore.isPending}
          onClick={() => restore.mutate(deleted.id)}
        >
          {t.noSuchTicket.restore}
        </Button>
      )}
      {mayRestore && (
        <Link to="/trash" className="rounded text-accent underline max-md:leading-[44px]">
          {t.noSuchTicket.toTrash}
        </Link>
      )}
      {close ?? (
        <Link
          to="/"
          search={lastQueue()}
          className="inline-flex h-8 items-center rounded-md bg-accent px-3 font-medium text-accent-ink hover:brightness-110 max-md:h-11"
        >
          {t.noSuchTicket.toQueue}
        </Link>
      )}
      <span className="text-[12px] text-dim max-md:hidden">
        {t.noSuchTicket.search} <Kbd>{MOD}</Kbd>
      </span>
    </Sheet>
  )
}

export function TicketFailed({ error, retry, close }: { error: Error; retry: () => void; close?: ReactNode }) {
  usePageTitle(close ? undefined : t.failed.title)
  return (
    <Sheet
      icon={<TriangleAlert size={22} aria-hidden />}
      title={t.failed.title}
      preview={close !== undefined}
      about={`${error.message}.`}
    >
      <Button variant="primary" className="max-md:h-11" onClick={retry}>
        {t.failed.retry}
      </Button>
      {close}
    </Sheet>
  )
}

/** The shape of a ticket until it is read: the same sizes, so that nothing moves. */
export const TicketSkeleton = () => (
  <div className="flex min-w-0 flex-1 flex-col" aria-hidden>
    <div className="h-28 space-y-3 border-b border-line px-4 pt-3">
      <div className="h-4 w-40 animate-pulse rounded bg-hover" />
      <div className="h-6 w-2/3 animate-pulse rounded bg-hover" />
      <div className="h-6 w-1/2 animate-pulse rounded bg-hover" />
    </div>
    <div className="mx-auto w-full max-w-[740px] flex-1 space-y-5 p-5">
      {['w-3/4', 'w-full', 'w-1/2'].map((width) => (
        <div key={width} className="flex gap-3">
          <span className="size-7 shrink-0 animate-pulse rounded-full bg-hover" />
          <span className="flex-1 space-y-2 pt-1">
            <span className="block h-3 w-32 animate-pulse rounded bg-hover" />
            <span className={`block h-12 animate-pulse rounded-lg bg-hover ${width}`} />
          </span>
        </div>
      ))}
    </div>
  </div>
)
