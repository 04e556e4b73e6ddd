/** Custom fields of tickets in words: how they are called, and how their values read. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { customFieldsQuery } from './config'
import { fieldValue, useRelatedNames } from './fields/field-value'
import { useTimes } from './times'

/** A value that is shown; `path` as the API's problems have it: `custom.seats`, `team_id`. */
export interface ShownValue {
  path: string
  value: unknown
}

export const NOTHING_SHOWN: readonly ShownValue[] = []

/** Custom fields in words. `shown`: the values that will be asked for, so that what they point to is known by name. */
export function useFieldWords(shown: readonly ShownValue[] = NOTHING_SHOWN) {
  const { data: fields } = useQuery(customFieldsQuery)
  const { moment, date } = useTimes()
  const byPath = useMemo(() => new Map(fields?.items.map((field) => [`custom.${field.key}`, field])), [fields])
  const nameOf = useRelatedNames(
    shown.flatMap(({ path, value }) => {
      const field = byPath.get(path)
      return field ? [{ field, value }] : []
    }),
  )
  return useMemo(
    () => ({
      label: (path: string) => byPath.get(path)?.label,
      value: (path: string, given: unknown) => fieldValue(byPath.get(path), given, { moment, date, nameOf }),
    }),
    [byPath, moment, date, nameOf],
  )
}
