import { useQuery } from '@tanstack/react-query'
import { Building2, X } from 'lucide-react'
import { useState } from 'react'
import { Finder } from '@/components/picker/finder'
import type { Customer } from '@/desk/customers'
import { organizationsFoundQuery } from '@/desk/search/queries'
import { useDebounced } from '@/lib/use-debounced'
import { t } from './messages'

type Choice = NonNullable<Customer['organization']>

/** An organization, found by a part of its name. */
export function OrganizationPicker({
  label,
  value,
  onChange,
  autoFocus = false,
}: {
  label: string
  value: Choice | null
  onChange: (value: Choice | null) => void
  autoFocus?: boolean
}) {
  const [text, setText] = useState('')
  const { data } = useQuery(organizationsFoundQuery(useDebounced(text, 100), 8))
  if (value)
    return (
      <span className="inline-flex h-8 max-w-full items-center gap-2 rounded-md border border-line bg-raised ps-2 max-md:h-11">
        <Building2 size={14} className="shrink-0 text-dim" aria-hidden />
        <span className="truncate" dir="auto">
          {value.name}
        </span>
        <button
          type="button"
          className="grid size-7 place-items-center rounded-md hover:bg-hover max-md:size-11"
          aria-label={`${t.remove}: ${value.name}`}
          onClick={() => onChange(null)}
        >
          <X size={13} />
        </button>
      </span>
    )
  return (
    <Finder
      label={label}
      placeholder={t.findOrganization}
      items={text.length > 1 ? (data?.items ?? []) : []}
      onFind={setText}
      autoFocus={autoFocus}
      onChoose={({ id, name }) => onChange({ id, name })}
      render={({ name }) => (
        <>
          <Building2 size={14} className="shrink-0 text-dim" aria-hidden />
          <span className="truncate" dir="auto">
            {name}
          </span>
        </>
      )}
    />
  )
}
