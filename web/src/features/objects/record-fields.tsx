import { useRef, useState } from 'react'
import { configOf } from '@/desk/fields/custom-field'
import { fieldValue } from '@/desk/fields/field-value'
import { InlineCustomField, type Refused } from '@/desk/inline-custom-field'
import type { ObjectField, ObjectRecord } from '@/desk/objects'
import { RelationLink } from '@/desk/relation-link'
import { sameValue } from '@/desk/ticket-changes'
import { useTimes } from '@/desk/times'
import { problemAt } from '@/lib/api/client'

/** A field of a record as a row of a list: its name and its value, which is edited where it stands. */
export function RecordField({
  record,
  field,
  fixed,
  save,
}: {
  record: ObjectRecord
  field: ObjectField
  /** It can be read only. */
  fixed: boolean
  /** `seen`: the record as it was when somebody began to type. */
  save: (value: unknown, seen: ObjectRecord | undefined) => Promise<unknown>
}) {
  const [refusal, setRefusal] = useState<Refused>()
  const begun = useRef<ObjectRecord>(undefined)
  const id = `record-${field.key}`
  const value = record.custom[field.key]
  const readOnly = fixed || !field.active
  return (
    <div className="contents">
      <dt className="py-0.5 text-dim [overflow-wrap:anywhere] max-md:py-2.5" dir="auto" title={field.description}>
        {readOnly ? (
          field.label
        ) : (
          <label id={`${id}-label`} htmlFor={field.type === 'multiselect' ? undefined : id}>
            {fieldLabel(field)}
          </label>
        )}
      </dt>
      <dd className="min-w-0">
        {readOnly ? (
          <div className="px-1.5 py-0.5 [overflow-wrap:anywhere] max-md:py-2.5">
            <Shown field={field} value={value} />
          </div>
        ) : (
          <InlineCustomField
            field={field}
            id={id}
            value={value}
            refusal={refusal}
            onBegin={() => {
              begun.current = record
            }}
            onDismiss={() => setRefusal(undefined)}
            onSave={(next) => {
              const seen = begun.current
              begun.current = undefined
              // Nothing of one's own: what has been set meanwhile stays.
              if (seen && !refusal && sameValue(seen.custom[field.key], next)) return
              void save(next, seen).then(
                () => setRefusal(undefined),
                (error: Error) =>
                  setRefusal({ message: problemAt(error, `custom.${field.key}`) ?? error.message, value: next }),
              )
            }}
          />
        )}
      </dd>
    </div>
  )
}

export const fieldLabel = (field: ObjectField) => (field.required ? `${field.label} *` : field.label)

/** A value as it is read: relations by name, options by label. */
function Shown({ field, value }: { field: ObjectField; value: unknown }) {
  const times = useTimes()
  const { target } = configOf(field)
  if (value === undefined || value === null || value === '') return <span className="text-dim">–</span>
  if (field.type === 'relation' && target && typeof value === 'number')
    return <RelationLink target={target} id={value} />
  const nameOf = () => undefined
  return <bdi>{fieldValue(field, value, { ...times, nameOf })}</bdi>
}
