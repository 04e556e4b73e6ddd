import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, Box, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { InlineField } from '@/components/ui/inline-field'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toast'
import { useCommands } from '@/desk/commands'
import { DeleteDialog } from '@/desk/delete-dialog'
import { meQuery } from '@/desk/me'
import { MoreButton } from '@/desk/more-button'
import {
  type ObjectRecord,
  objectFieldsQuery,
  objectTypesQuery,
  recordQuery,
  ticketsOfRecordQuery,
} from '@/desk/objects'
import { usePageTitle } from '@/desk/page'
import { PageFailed, WAY_ON } from '@/desk/page-failed'
import { TicketRow } from '@/desk/ticket-row'
import { useRowKeys } from '@/desk/use-row-keys'
import { ApiProblem } from '@/lib/api/client'
import { useChangeRecord, useDeleteRecord } from './change-record'
import { t } from './messages'
import { RecordField } from './record-fields'

/** A record: its fields, what it is related to, and the tickets that name it. */
export function RecordPage({ type, id }: { type: string; id: number }) {
  const { data: record, error, refetch } = useQuery(recordQuery(id))
  if (error && !record)
    return (
      <PageFailed
        error={error}
        retry={refetch}
        missing={{
          title: t.noSuchRecord,
          text: t.noSuchRecordText,
          way: (
            <Link to="/objects/$type" params={{ type }} className={WAY_ON}>
              {t.toRecords}
            </Link>
          ),
        }}
      />
    )
  if (!record)
    return (
      <div className="space-y-3 p-5" aria-hidden>
        <Skeleton className="h-7 w-60" />
        <Skeleton className="h-40" />
      </div>
    )
  return <Page record={record} />
}

/** What is wrong with the value, rather than that something is. */
const said = (error: unknown): never => {
  const message = error instanceof ApiProblem ? error.problems[0]?.message : undefined
  throw message ? new Error(message) : error
}

function Page({ record }: { record: ObjectRecord }) {
  const { data: me } = useQuery(meQuery)
  const { data: types } = useQuery(objectTypesQuery)
  const type = types?.items.find(({ key }) => key === record.type)
  const { data: fields } = useQuery(objectFieldsQuery(type?.id))
  const change = useChangeRecord(record.id)
  const fixed = Boolean(type?.admins_write) && me?.role !== 'admin'
  usePageTitle(record.name)
  const save = (body: Parameters<typeof change.mutateAsync>[0]) => change.mutateAsync(body).catch(said)
  const shown = fields?.items.filter(({ active, key }) => active || key in record.custom) ?? []
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <header className="shrink-0 px-4 pt-3 pb-3 md:px-5">
        <Link
          to="/objects/$type"
          params={{ type: record.type }}
          className="inline-flex min-h-6 items-center gap-1.5 text-dim hover:underline max-md:min-h-11"
        >
          <ArrowLeft size={14} aria-hidden className="rtl:rotate-180" />
          <span dir="auto">{type?.plural_name ?? record.type}</span>
        </Link>
        <div className="mt-1 flex items-center gap-3">
          <span className="grid size-11 shrink-0 place-items-center rounded-lg bg-hover text-dim">
            <Box size={20} aria-hidden />
          </span>
          <h1 className="min-w-0 flex-1 text-[20px] leading-7 font-semibold" tabIndex={-1}>
            <InlineField
              label={t.name}
              of={record}
              value={record.name}
              disabled={fixed}
              onSave={(name, seen) => save({ name, seen })}
            />
          </h1>
          {!fixed && <Remove record={record} />}
        </div>
        {fixed && <p className="pt-1 text-dim">{t.adminsOnly}</p>}
      </header>
      <div className="grid gap-6 px-4 pb-6 md:px-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <section aria-label={t.fields}>
          <h2 className="pb-1 font-semibold">{t.fields}</h2>
          <dl className="grid grid-cols-[minmax(88px,35%)_minmax(0,1fr)] items-start gap-x-2">
            <dt className="py-0.5 text-dim">{t.key}</dt>
            <dd>
              <InlineField
                label={t.key}
                of={record}
                value={record.external_key ?? ''}
                disabled={fixed}
                onSave={(text, seen) => save({ external_key: text || null, seen })}
              />
            </dd>
            {shown.map((field) => (
              <RecordField
                key={field.key}
                record={record}
                field={field}
                fixed={fixed}
                save={(value, seen) => save({ custom: { [field.key]: value }, seen })}
              />
            ))}
          </dl>
        </section>
        <Tickets record={record.id} />
      </div>
    </div>
  )
}

/** The button that removes the record, and the question before it. */
function Remove({ record }: { record: ObjectRecord }) {
  const navigate = useNavigate()
  const remove = useDeleteRecord()
  const tickets = useInfiniteQuery(ticketsOfRecordQuery(record.id))
  const [asking, setAsking] = useState(false)
  useCommands([{ keys: '', label: t.remove, group: 'Actions', icon: <Trash2 size={14} />, run: () => setAsking(true) }])
  const count = tickets.data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? 0
  return (
    <>
      <Button variant="chip" className="max-md:h-11" onClick={() => setAsking(true)}>
        <Trash2 size={14} aria-hidden /> {t.remove}
      </Button>
      <DeleteDialog
        open={asking}
        name={record.name}
        losses={[t.loses.fields, t.loses.tickets(count, tickets.hasNextPage), t.loses.records]}
        onDelete={() => remove(record)}
        onDeleted={() => {
          toast(t.removed(record.name))
          void navigate({ to: '/objects/$type', params: { type: record.type }, replace: true })
        }}
        onClose={() => setAsking(false)}
      />
    </>
  )
}

function Tickets({ record }: { record: number }) {
  const query = useInfiniteQuery(ticketsOfRecordQuery(record))
  const list = useRef<HTMLOListElement>(null)
  const keys = useRowKeys(list)
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-label={t.tickets}>
      <h2 className="pb-1 font-semibold">{t.tickets}</h2>
      {query.isPending && <Skeleton className="h-24" />}
      {query.error && !query.data && <ErrorState error={query.error} retry={() => query.refetch()} />}
      {query.isSuccess && !rows.length && <EmptyState title={t.noTickets}>{t.noTicketsText}</EmptyState>}
      {rows.length > 0 && (
        <ol ref={list} aria-label={t.tickets} onKeyDown={keys.onKeyDown} className="rounded-lg border border-line">
          {rows.map((row) => (
            <TicketRow key={row.id} row={row} requester />
          ))}
        </ol>
      )}
      <MoreButton pages={query} />
    </section>
  )
}
