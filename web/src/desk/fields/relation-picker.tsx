import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import type { Option } from '@/components/picker/options'
import { Picker } from '@/components/picker/picker'
import { useDebounced } from '@/lib/use-debounced'
import { findRelatedQuery, type Target } from './relations'

/** Chooses a person, an organization, a ticket or a record, found by typing. */
export function RelationPicker({
  target,
  label,
  trigger,
  chosen,
  none,
  open,
  onOpenChange,
  onChoose,
}: {
  target: Target
  label: string
  trigger: ReactElement
  chosen: number | undefined
  /** What no choice is called; without it there has to be one. */
  none?: string | undefined
  open?: boolean | undefined
  onOpenChange?: ((open: boolean) => void) | undefined
  onChoose: (id: number | null, name: string) => void
}) {
  const [shown, setShown] = useState(false)
  const [typed, setTyped] = useState('')
  const wanted = useDebounced(typed.trim(), 120)
  const found = useQuery({ ...findRelatedQuery(target, wanted), enabled: open ?? shown })
  const options: Option[] = (found.data ?? []).map(({ id, name, hint }) => ({
    key: String(id),
    label: name,
    hint,
    chosen: id === chosen,
  }))
  if (none !== undefined && chosen !== undefined && !typed) options.unshift({ key: 'none', label: none })
  return (
    <Picker
      label={label}
      trigger={trigger}
      options={options}
      open={open}
      onOpenChange={(next) => {
        setShown(next)
        onOpenChange?.(next)
      }}
      onTyped={setTyped}
      loading={found.isFetching}
      onRetry={found.isError ? () => found.refetch() : undefined}
      onPick={({ key, label: name }) => onChoose(key === 'none' ? null : Number(key), name)}
    />
  )
}
