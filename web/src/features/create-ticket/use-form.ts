import { useQuery } from '@tanstack/react-query'
import { customFieldsQuery, formsQuery } from '@/desk/config'
import { parseTyped } from '@/desk/fields/custom-field'
import { meQuery } from '@/desk/me'
import { NEW_TICKET } from '@/desk/new-ticket-for'
import { fieldsToAsk, formsFor } from '@/desk/ticket-form'
import type { Schemas } from '@/lib/api/client'
import { useKept } from '@/lib/use-kept'

/** The form of a new ticket, and what is typed into its fields. Both are kept until the ticket has been made. */
export function useForm() {
  const { data: fields } = useQuery(customFieldsQuery)
  const { data: forms } = useQuery(formsQuery)
  const { data: me } = useQuery(meQuery)
  const choice = useKept<number | undefined>(NEW_TICKET.form, undefined)
  const { value: custom, write: setCustom, ...typed } = useKept<Record<string, unknown>>(NEW_TICKET.fields, {})
  // As the desk will: a ticket that is made without a form gets the default one, whoever may choose it.
  const standard = forms?.items.find(({ is_default, active }) => is_default && active)
  const mine = me ? formsFor(forms?.items ?? [], me) : []
  const options = forms?.items.filter((form) => form === standard || mine.includes(form)) ?? []
  const form = options.find(({ id }) => id === choice.value) ?? standard
  // What another form asks for waits for its return, and is not sent with this one.
  const asked = fieldsToAsk(fields?.items ?? [], form, custom).filter(
    ({ field }) => !form || form.fields.some((placed) => placed.field === field.key),
  )
  const values = () =>
    Object.fromEntries(
      asked.flatMap(({ field }) => {
        const value = custom[field.key]
        const given = typeof value === 'string' ? parseTyped(field, value.trim()) : value
        const empty = given === undefined || given === null || (Array.isArray(given) && !given.length)
        return empty ? [] : [[field.key, given]]
      }),
    )
  return {
    options,
    form,
    standard,
    choose: choice.write,
    asked,
    custom,
    setCustom,
    touched: choice.kept || typed.kept,
    clear: () => {
      choice.startOver()
      typed.startOver()
    },
    body: (): Pick<Schemas['CreateTicket'], 'form_id' | 'custom'> => ({
      ...(form && form !== standard ? { form_id: form.id } : {}),
      custom: values(),
    }),
  }
}
