/** The records of the desk's own objects that point to a customer or an organization. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Box } from 'lucide-react'
import { useRef } from 'react'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import type { About } from '@/desk/customers'
import { LIST_LINK, LIST_ROW } from '@/desk/list-page'
import { MoreButton } from '@/desk/more-button'
import { objectTypesQuery, recordsOfQuery } from '@/desk/objects'
import { useRowKeys } from '@/desk/use-row-keys'
import { t } from './messages'
import type { Section } from './sections'

/** The section of a page that shows them; none on a desk without objects of its own. */
export function useRecordsSection(about: About, organization?: { id: number; name: string } | null): Section[] {
  const { data: types } = useQuery(objectTypesQuery)
  const some = Boolean(types?.items.length)
  const records = useInfiniteQuery({ ...recordsOfQuery(about.kind, about.id), enabled: some })
  const count = records.data?.pages.reduce((sum, page) => sum + page.items.length, 0)
  if (!some) return []
  return [
    {
      key: 'records',
      label: t.tabs.records,
      count: count ? `${count}${records.hasNextPage ? '+' : ''}` : undefined,
      content: (
        <>
          <Records about={about} label={t.tabs.records} />
          {organization && (
            <section aria-label={t.recordsOf(organization.name)} className="pt-3">
              <h2 className="px-4 pb-1 font-semibold md:px-5" dir="auto">
                {t.recordsOf(organization.name)}
              </h2>
              <Records about={{ kind: 'organization', id: organization.id }} label={t.recordsOf(organization.name)} />
            </section>
          )}
        </>
      ),
    },
  ]
}

function Records({ about, label }: { about: About; label: string }) {
  const pages = useInfiniteQuery(recordsOfQuery(about.kind, about.id))
  const { data: types } = useQuery(objectTypesQuery)
  const names = new Map(types?.items.map(({ key, name }) => [key, name]))
  const list = useRef<HTMLUListElement>(null)
  const keys = useRowKeys(list)
  const records = pages.data?.pages.flatMap((page) => page.items) ?? []
  if (pages.isPending) return <Skeleton className="m-5 h-16" />
  if (pages.error && !pages.data) return <ErrorState error={pages.error} retry={() => pages.refetch()} />
  if (!records.length) return <EmptyState title={t.noRecords}>{t.noRecordsText}</EmptyState>
  return (
    <>
      <ul ref={list} aria-label={label} onKeyDown={keys.onKeyDown}>
        {records.map((record) => (
          <li key={record.id} className={`${LIST_ROW} flex items-center gap-2.5`}>
            <Box size={16} className="shrink-0 text-dim" aria-hidden />
            <span className="min-w-0">
              <Link
                to="/objects/$type/$id"
                params={{ type: record.type, id: String(record.id) }}
                data-row
                className={LIST_LINK}
                dir="auto"
              >
                {record.name}
              </Link>
              <span className="block truncate text-dim" dir="auto">
                {[names.get(record.type) ?? record.type, record.external_key].filter(Boolean).join(' · ')}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <MoreButton pages={pages} />
    </>
  )
}
