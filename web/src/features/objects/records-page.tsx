import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Box } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { LIST_LINK, LIST_ROW, ListPage } from '@/desk/list-page'
import { type ObjectType, objectTypesQuery, recordsQuery } from '@/desk/objects'
import { PageFailed, PageMissing, WAY_ON } from '@/desk/page-failed'
import { useTimes } from '@/desk/times'
import { t } from './messages'
import { NewRecord } from './new-record'

const COLUMNS = 'md:grid md:grid-cols-[minmax(0,5fr)_minmax(0,5fr)_minmax(0,4fr)] md:items-center md:gap-4'

/** The records of one type of object. */
export function RecordsPage({ type }: { type: string }) {
  const types = useQuery(objectTypesQuery)
  const found = types.data?.items.find(({ key }) => key === type)
  if (types.error && !types.data) return <PageFailed error={types.error} retry={types.refetch} />
  if (types.data && !found)
    return (
      <PageMissing
        title={t.unknown}
        text={t.unknownText}
        way={
          <Link to="/customers" className={WAY_ON}>
            {t.toPeople}
          </Link>
        }
      />
    )
  return found ? <Records type={found} /> : null
}

function Records({ type }: { type: ObjectType }) {
  const { q = '' } = useSearch({ from: '/desk/objects/$type' })
  const navigate = useNavigate()
  const times = useTimes()
  const pages = useInfiniteQuery(recordsQuery(type.key, q))
  const [adding, setAdding] = useState(false)
  const records = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <ListPage
        title={type.plural_name}
        find={t.find(type.plural_name)}
        q={q}
        setQ={(next) =>
          navigate({ to: '/objects/$type', params: { type: type.key }, search: next ? { q: next } : {}, replace: true })
        }
        add={t.add(type.name)}
        onAdd={type.active ? () => setAdding(true) : undefined}
        pages={pages}
        empty={
          <EmptyState
            icon={<Box size={20} />}
            title={q ? t.none(type.plural_name) : t.empty(type.plural_name)}
            action={
              type.active && (
                <Button variant="chip" onClick={() => setAdding(true)}>
                  {t.add(type.name)}
                </Button>
              )
            }
          >
            {q ? t.noneText : type.description}
          </EmptyState>
        }
        heads={
          <div className={COLUMNS}>
            <span className="ps-[26px]">{t.name}</span>
            <span>{t.key}</span>
            <span>{t.since}</span>
          </div>
        }
      >
        {records.map((record) => (
          <li key={record.id} className={`${LIST_ROW} ${COLUMNS} min-h-10`}>
            <span className="flex min-w-0 items-center gap-2.5">
              <Box size={16} className="shrink-0 text-dim" aria-hidden />
              <Link
                to="/objects/$type/$id"
                params={{ type: type.key, id: String(record.id) }}
                data-row
                className={LIST_LINK}
                dir="auto"
              >
                {record.name}
              </Link>
            </span>
            <span className="truncate text-dim max-md:ms-[26px] max-md:block">{record.external_key}</span>
            <span className="truncate text-dim max-md:hidden">{times.day(record.created_at)}</span>
          </li>
        ))}
      </ListPage>
      <NewRecord type={type} name={q} open={adding} onClose={() => setAdding(false)} />
    </>
  )
}
