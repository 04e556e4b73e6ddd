import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { RequiredMark } from '@/components/ui/required-mark'
import { customFieldsQuery, formsQuery } from '@/desk/config'
import { InlineCustomField } from '@/desk/inline-custom-field'
import { sameValue, setCustomField } from '@/desk/ticket-changes'
import { type AskedField, fieldsToAsk } from '@/desk/ticket-form'
import type { Ticket } from '@/desk/tickets'
import { useOpenTicket } from '../ticket-context'
import { useValueWords } from '../value-words'
import { t } from './messages'
import { Property } from './property'

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

/** What is wrong with a value is shown below it. */
function FieldRow({ field, required }: AskedField) {
  const { ticket, apply, refusals, dismiss } = useOpenTicket()
  const path = `custom.${field.key}`
  const id = `field-${field.key}`
  const refusal = refusals[path]
  const words = useValueWords()
  // As it was when somebody began to type: what a colleague sets meanwhile is asked about.
  const begun = useRef<Ticket>(undefined)
  const value = refusal && refusal.value !== undefined ? refusal.value : ticket.custom[field.key]
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
      <InlineCustomField
        field={field}
        id={id}
        value={value}
        refusal={
          refusal?.again
            ? { ...refusal, text: t.notSet(field.label, words.value(path, refusal.value), refusal.message) }
            : refusal
        }
        onBegin={() => {
          begun.current = ticket
        }}
        onSave={(next) => {
          const seen = begun.current
          begun.current = undefined
          // Nothing of one's own: what has been set meanwhile stays.
          if (seen && !refusal && sameValue(seen.custom[field.key], next)) return
          void apply(setCustomField(field.key, next), seen)
        }}
        onDismiss={() => {
          begun.current = undefined
          dismiss(path)
        }}
      />
    </Property>
  )
}

/** A mark while a field that will be asked for is empty. */
function Required({ required, value }: { required: AskedField['required']; value: unknown }) {
  if (!required || (value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && !value.length)))
    return null
  return <RequiredMark label={required === 'create' ? t.required : t.requiredToSolve} />
}
