/** Custom fields as controls need them: their options, and typed text as a value. */
import type { Schemas } from '@/lib/api/client'
import { readNumber, writeNumber } from '@/lib/typed-number'

export type CustomField = Schemas['CustomField']

/** What fields of tickets, people, organizations and records have in common. */
export type AnyField = Pick<CustomField, 'key' | 'label' | 'type' | 'config'>

export const configOf = (field: Pick<AnyField, 'config'>): Schemas['FieldConfig'] => field.config

export const optionsOf = (field: Pick<AnyField, 'config'>) =>
  (configOf(field).options ?? []).map((option) =>
    typeof option === 'string'
      ? { value: option, label: option }
      : { value: option.value, label: option.label ?? option.value },
  )

/** Typed text as the API takes it. Text that is no number is sent as it is, for the API to explain what is wrong. */
export const parseTyped = (field: Pick<AnyField, 'type'>, text: string): unknown => {
  if (text === '') return null
  const isNumber = ['integer', 'decimal', 'relation'].includes(field.type)
  return isNumber ? (readNumber(text) ?? text) : text
}

/** A value as the text of the control that it is typed into. */
export const textOf = (value: unknown): string => (typeof value === 'number' ? writeNumber(value) : String(value ?? ''))
