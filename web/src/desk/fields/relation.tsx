import { useQuery } from '@tanstack/react-query'
import { ArrowUpRight, ChevronDown } from 'lucide-react'
import { AppLink } from '@/components/app-link'
import { t } from './messages'
import { RelationPicker } from './relation-picker'
import { relatedQuery, type Target } from './relations'

interface Props {
  label: string
  id: string
  invalid: boolean
  describedBy: string | undefined
  target: Target
  value: unknown
  className: string
  onChange: (value: number | null) => void
}

const addressOf = (target: Target, id: number) =>
  ({ user: `/customers/${id}`, organization: `/organizations/${id}`, ticket: `/tickets/${id}` })[target] ??
  `/objects/${target.replace(/^object:/, '')}/${id}`

/** A person, an organization, a ticket or a record, by name, with a link to it. */
export function Relation({ label, id, invalid, describedBy, target, value, className, onChange }: Props) {
  const chosen = typeof value === 'number' ? value : undefined
  const related = useQuery({ ...relatedQuery(target, chosen ?? 0), enabled: chosen !== undefined })
  const name = chosen === undefined ? '' : (related.data?.name ?? (related.isError ? t.hidden : t.loading))
  return (
    <span className="flex items-center">
      <RelationPicker
        target={target}
        label={label}
        chosen={chosen}
        none={t.empty}
        onChoose={onChange}
        trigger={
          <button
            type="button"
            id={id}
            data-invalid={invalid || undefined}
            aria-describedby={describedBy}
            className={`${className} data-invalid:border-danger flex min-w-0 flex-1 items-center gap-1 text-start`}
          >
            <span dir="auto" className="min-w-0 flex-1 truncate">
              {name || (value ? String(value) : t.none)}
            </span>
            <ChevronDown size={13} className="shrink-0 text-dim" aria-hidden />
          </button>
        }
      />
      {related.data && chosen !== undefined && (
        <AppLink
          href={addressOf(target, chosen)}
          aria-label={t.open(related.data.name)}
          className="ms-1 grid size-6 shrink-0 place-items-center rounded text-dim hover:bg-hover max-md:size-11"
        >
          <ArrowUpRight size={14} className="rtl:-scale-x-100" />
        </AppLink>
      )}
    </span>
  )
}
