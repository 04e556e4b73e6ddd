import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { RequiredMark } from '@/components/ui/required-mark'
import { customFieldsQuery, formsQuery } from '@/desk/config'
import { CustomFieldControl } from '@/desk/custom-field-control'
import { parseTyped } from '@/desk/fields/custom-field'
import { setCustomField } from '@/desk/ticket-changes'
import { type AskedField, fieldsToAsk } from '@/desk/ticket-form'
import { useOpenTicket } from '../ticket-context'
import { t } from './messages'
import { Property } from './property'

const BOX =
  'min-h-6 w-full rounded border border-transparent bg-transparent px-1.5 hover:border-line focus:border-accent focus:bg-canvas [&:is(select)]:appearance-none [&[type=date]::-webkit-calendar-picker-indicator]:opacity-0 hover:[&[type=date]::-webkit-calendar-picker-indicator]:opacity-70 focus:[&[type=date]::-webkit-calendar-picker-indicator]:opacity-70 pointer-coarse:[&[type=date]::-webkit-calendar-picker-indicator]:opacity-70 aria-invalid:border-danger aria-invalid:bg-canvas max-md:min-h-11 max-md:text-[16px]'

/** Whether it is known which fields there are, or that this cannot be read now. */
export function useFieldsKnown() {
  const fields = useQuery(customFieldsQuery)
  const forms = useQuery(formsQuery)
  return !fields.isPending && !forms.isPending
}

/** The fields that the ticket's form asks for, as far as its values call for them. */
export function CustomFields() {
  const { ticket } = useOpenTicket()
  const { data: fields } = useQuery(customFieldsQuery)
  const { data: forms } = useQuery(formsQuery)
  if (!useFieldsKnown()) return null
  const form = forms?.items.find(({ id }) => id === ticket.form?.id)
  return fieldsToAsk(fields?.items ?? [], form, ticket.custom).map((asked) => (
    <FieldRow key={asked.field.key} {...asked} />
  ))
}

/** Typed text is sent as it is; what is wrong with it is shown below, and it stays until it is corrected or discarded. */
function FieldRow({ field, required }: AskedField) {
  const { ticket, apply, refusals, dismiss } = useOpenTicket()
  const [draft, setDraft] = useState<string | null>(null)
  const path = `custom.${field.key}`
  const id = `field-${field.key}`
  const refusal = refusals[path]
  const value = refusal && refusal.value !== undefined ? refusal.value : ticket.custom[field.key]
  const save = (next: unknown) => void apply(setCustomField(field.key, next))
  const text = draft ?? String(value ?? '')
  return (
    <Property
      top={['multiline', 'multiselect'].includes(field.type) || Boolean(refusal)}
      name={
        <label
          id={`${id}-label`}
          htmlFor={field.type === 'multiselect' ? undefined : id}
          title={field.description || undefined}
        >
          {field.label}
          <Required required={required} value={value} />
        </label>
      }
    >
      <CustomFieldControl
        field={field}
        id={id}
        value={value}
        message={refusal?.message}
        className={value === undefined || value === null || value === '' ? `${BOX} text-dim` : BOX}
        onChange={save}
        text={{
          value: text,
          onText: setDraft,
          onCancel: () => {
            setDraft(null)
            dismiss(path)
          },
          onLeave: () => {
            const typed = draft?.trim()
            setDraft(null)
            if (typed !== undefined && typed !== String(value ?? '')) save(parseTyped(field, typed))
          },
        }}
      />
      {refusal && (
        <span
          id={`${id}-error`}
          role="alert"
          className="flex items-start gap-1 px-1.5 text-[12px] leading-4 text-danger"
        >
          <span dir="auto" className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">
            {t.fieldProblem(field.label, refusal.message)}
          </span>
          <button
            type="button"
            className="grid size-6 shrink-0 place-items-center rounded hover:bg-hover max-md:size-11"
            aria-label={t.discard}
            title={t.discard}
            onClick={() => dismiss(path)}
          >
            <X size={13} />
          </button>
        </span>
      )}
    </Property>
  )
}

/** A mark while a field that will be asked for is empty. */
function Required({ required, value }: { required: AskedField['required']; value: unknown }) {
  if (!required || (value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && !value.length)))
    return null
  return <RequiredMark label={required === 'create' ? t.required : t.requiredToSolve} />
}
