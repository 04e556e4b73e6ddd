import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Skeleton } from '@/components/ui/skeleton'
import { type About, historyQuery } from '@/desk/customers'
import { quote } from '@/desk/search/tokens'
import { TimeAgo } from '@/desk/time-ago'
import { number } from '@/lib/messages'
import { t } from './messages'

/** What stands between the customer and the desk, in numbers; each leads to its tickets. */
export function Numbers({ about, name }: { about: About; name: string }) {
  const { data } = useInfiniteQuery(historyQuery(about))
  const first = data?.pages[0]
  const count = (...categories: string[]) =>
    categories.reduce((sum, category) => sum + Number(first?.tickets[category] ?? 0), 0)
  const whose = `${about.kind === 'customer' ? 'requester' : 'organization'}:${quote(name)}`
  const tile = (label: string, value: ReactNode, filter?: string) => {
    const content = (
      <>
        <span className="block text-[12px] leading-4 text-dim">{label}</span>
        <span className="block text-[17px] leading-7 font-semibold tracking-tight">
          {first ? value : <Skeleton className="my-1 h-5 w-10" />}
        </span>
      </>
    )
    const box = 'min-w-0 flex-1 basis-28 bg-canvas px-3.5 py-2'
    return filter === undefined ? (
      <div key={label} className={box}>
        {content}
      </div>
    ) : (
      <Link key={label} to="/search" search={{ q: `${whose}${filter}` }} className={`${box} hover:bg-hover`}>
        {content}
      </Link>
    )
  }
  const ago = (at: string | null | undefined) => (at ? <TimeAgo at={at} /> : t.never)
  return (
    <section
      aria-label={t.numbers}
      title={t.asYouSee}
      className="flex flex-wrap gap-px overflow-hidden rounded-xl border border-line bg-line"
    >
      {tile(t.tickets, number(count('new', 'open', 'pending', 'on_hold', 'solved', 'closed')), '')}
      {tile(t.openTickets, number(count('new', 'open', 'pending', 'on_hold')), ' is:active')}
      {tile(t.solvedTickets, number(count('solved', 'closed')), ' is:solved')}
      {tile(t.firstContact, ago(first?.first_contact_at))}
      {tile(t.lastContact, ago(first?.last_contact_at))}
    </section>
  )
}
