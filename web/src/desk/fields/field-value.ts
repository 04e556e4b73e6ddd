/** Values of custom fields as they are read: labels, names, and days, times and numbers in the reader's own form. */
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { number } from '@/lib/messages'
import { type AnyField, configOf, optionsOf } from './custom-field'
import { t } from './messages'
import { relatedQuery } from './relations'

interface Reader {
  moment: (iso: string) => string
  date: (day: string) => string
  /** What a relation points to. */
  nameOf: (target: string, id: number) => string | undefined
}

const isTime = (value: unknown): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value))

/** Undefined for a value without words. */
export function fieldValue(field: AnyField | undefined, value: unknown, reader: Reader): string | undefined {
  if (Array.isArray(value)) {
    const words = value.map((each) => fieldValue(field, each, reader))
    return words.every((each) => each !== undefined) ? words.join(', ') : undefined
  }
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (typeof value === 'object' || value === undefined) return undefined
  if (field?.type === 'relation') {
    const name = reader.nameOf(configOf(field).target ?? 'user', Number(value))
    return name ?? `#${value}`
  }
  if (field?.type === 'datetime' && isTime(value)) return reader.moment(value)
  if (field?.type === 'date' && isTime(value)) return reader.date(value)
  if (typeof value === 'number') return number(value)
  return (field && optionsOf(field).find((option) => option.value === value)?.label) ?? String(value)
}

const nameKey = (target: string, id: number) => `${target} ${id}`

/** The names of what these values point to, as far as their reader may see it. */
export function useRelatedNames(values: readonly { field: AnyField; value: unknown }[]): Reader['nameOf'] {
  const wanted = new Map<string, { target: string; id: number }>()
  for (const { field, value } of values) {
    const id = Number(value)
    if (field.type !== 'relation' || !Number.isInteger(id) || id <= 0) continue
    const target = configOf(field).target ?? 'user'
    wanted.set(nameKey(target, id), { target, id })
  }
  const keys = [...wanted.keys()]
  const names = useQueries({
    queries: [...wanted.values()].map(({ target, id }) => ({ ...relatedQuery(target, id), retry: false })),
    combine: (all) => Object.fromEntries(all.map(({ data }, at) => [keys[at], data?.name])),
  })
  return useMemo(() => (target, id) => names[nameKey(target, id)], [names])
}
