import { useQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { PickerList } from '@/components/picker/picker-list'
import { Button } from '@/components/ui/button'
import { BOX } from '@/components/ui/field'
import { customFieldsQuery } from '@/desk/config'
import { CustomFieldControl } from '@/desk/custom-field-control'
import { type CustomField, parseTyped } from '@/desk/fields/custom-field'
import { setCustomField } from '@/desk/ticket-changes'
import { type Aim, useActs } from './acts'
import { t } from './messages'

interface Props {
  aim: Aim
  box: RefObject<HTMLInputElement | null>
  onDone: () => void
  onActed: (aim: Aim, kind: 'field') => void
}

/** Sets a custom field of all tickets aimed at: first which, then to what. */
export function BulkField({ aim, box, onDone, onActed }: Props) {
  const fields = useQuery(customFieldsQuery)
  const [field, setField] = useState<CustomField>()
  const active = fields.data?.items.filter((each) => each.active) ?? []
  if (field) return <Value key={field.key} field={field} aim={aim} onDone={onDone} onActed={onActed} />
  return (
    <PickerList
      label={t.act.field}
      box={box}
      options={active.map(({ key, label }) => ({ key, label }))}
      onPick={({ key }) => setField(active.find((each) => each.key === key))}
      // A choice leads to the value, and only Escape away.
      onDone={() => {}}
      loading={fields.isPending}
      onRetry={fields.isError ? () => void fields.refetch() : undefined}
    />
  )
}

const ID = 'bulk-field'

function Value({ field, aim, onDone, onActed }: Omit<Props, 'box'> & { field: CustomField }) {
  const { change } = useActs()
  const [value, setValue] = useState<unknown>(field.type === 'boolean' ? false : null)
  const form = useRef<HTMLFormElement>(null)
  // The list that was there had the focus.
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select, textarea, button')?.focus(), [])
  const save = () => {
    const given = typeof value === 'string' ? parseTyped(field, value.trim()) : value
    const empty = given === null || (Array.isArray(given) && !given.length)
    change(aim, setCustomField(field.key, empty ? null : given))
    onActed(aim, 'field')
    onDone()
  }
  return (
    <form
      ref={form}
      className="space-y-3 overflow-y-auto p-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <div>
        <label
          id={`${ID}-label`}
          htmlFor={field.type === 'multiselect' ? undefined : ID}
          className="mb-1 block font-medium"
          dir="auto"
        >
          {field.label}
        </label>
        <CustomFieldControl
          field={field}
          id={ID}
          value={value}
          message={undefined}
          className={BOX}
          onChange={setValue}
          text={{ onText: setValue }}
        />
        {field.type !== 'boolean' && <p className="mt-1 text-[12px] text-dim">{t.act.fieldEmpty}</p>}
      </div>
      <div className="flex justify-end gap-2">
        <Button variant="chip" onClick={onDone}>
          {t.act.cancel}
        </Button>
        <Button variant="primary" type="submit">
          {t.act.setField}
        </Button>
      </div>
    </form>
  )
}
