import { useQuery } from '@tanstack/react-query'
import { type RefObject, useState } from 'react'
import type { Option } from '@/components/picker/options'
import { PickerList } from '@/components/picker/picker-list'
import { findRelatedQuery } from '@/desk/fields/relations'
import { setOrganization, setRequester } from '@/desk/ticket-changes'
import { COMMON_LANGUAGES, languageName } from '@/lib/locale'
import { language as ours } from '@/lib/messages'
import { useDebounced } from '@/lib/use-debounced'
import { type Aim, useActs } from './acts'
import { t } from './messages'

export type Lookup = 'requester' | 'organization' | 'language'

interface Props {
  kind: Lookup
  aim: Aim
  box: RefObject<HTMLInputElement | null>
  onDone: () => void
  onActed: (aim: Aim, kind: Lookup) => void
}

/** Sets what is found by typing: the customer, the organization or the language of all tickets aimed at. */
export function BulkLookup({ kind, aim, box, onDone, onActed }: Props) {
  const { change, run } = useActs()
  const [typed, setTyped] = useState('')
  const target = kind === 'requester' ? 'user' : 'organization'
  const wanted = useDebounced(typed.trim(), 120)
  const found = useQuery({ ...findRelatedQuery(target, wanted), enabled: kind !== 'language' })
  const only = aim.count === 1 ? aim.rows[0] : undefined
  const chosen = kind === 'requester' ? only?.requester.id : only?.organization?.id
  const related: Option[] = (found.data ?? []).map(({ id, name, hint }) => ({
    key: String(id),
    label: name,
    hint,
    chosen: id === chosen,
  }))
  const languages: Option[] = COMMON_LANGUAGES.map((code) => ({
    key: code,
    label: languageName(code),
    hint: code,
  })).sort((one, other) => one.label.localeCompare(other.label, ours))
  const none: Record<Lookup, Option[]> = {
    requester: [],
    organization: [{ key: '', label: t.act.noOrganization }],
    language: [{ key: '', label: t.act.noLanguage }],
  }
  const pick = ({ key, label: name }: Option) => {
    const id = Number(key)
    if (kind === 'requester') change(aim, setRequester({ id, name }))
    else if (kind === 'organization') change(aim, setOrganization(key ? { id, name } : null))
    // No row says its language, so that the desk alone can put it back.
    else run(aim, { action: 'update', changes: { language: key || null } })
    onActed(aim, kind)
    onDone()
  }
  return (
    <PickerList
      label={t.act[kind]}
      box={box}
      options={kind === 'language' ? [...languages, ...none.language] : [...related, ...(typed ? [] : none[kind])]}
      onPick={pick}
      onDone={() => {}}
      {...(kind === 'language'
        ? {}
        : {
            onTyped: setTyped,
            loading: found.isFetching,
            onRetry: found.isError ? () => void found.refetch() : undefined,
          })}
    />
  )
}
