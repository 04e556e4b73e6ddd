import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Modal } from '@/components/ui/modal'
import { customFieldsQuery } from '@/desk/config'
import { CreationForm } from '@/desk/creation-form'
import { macrosQuery } from '@/desk/macros'
import type { Ticket } from '@/desk/tickets'
import { withUndo } from '@/desk/undo'
import { api, unwrap } from '@/lib/api/client'
import { useKept } from '@/lib/use-kept'
import { actionOf, type Row } from './macro-actions'
import { isShown, MacroFields } from './macro-fields'
import { t } from './messages'

/** Saves words and changes that come up again as a macro of one's own. */
export const NewMacro = ({ open, ticket, onClose }: { open: boolean; ticket: Ticket; onClose: () => void }) => (
  <Modal open={open} onClose={onClose} title={t.newMacro.title}>
    <Form ticket={ticket} onClose={onClose} />
  </Modal>
)

function Form({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const client = useQueryClient()
  const { data: fields } = useQuery(customFieldsQuery)
  const { value: rows, write, forget, startOver } = useKept<Row[]>('new-macro-changes', [])
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const name = String(form.get('name')).trim()
      const text = String(form.get('text')).trim()
      const actions = rows.map((row) => actionOf(row, fields?.items ?? []))
      const kind = form.get('kind') === 'note' ? ('note' as const) : ('reply' as const)
      // One that only changes fields writes nothing.
      const says = text || !actions.length ? { body_text: text, message_kind: kind } : {}
      const made = unwrap(api.POST('/api/macros', { body: { name, ...says, actions, scope: 'private' } }))
      return withUndo(made, t.newMacro.made(name), async ({ id }) => {
        await unwrap(api.DELETE('/api/macros/{id}', { params: { path: { id } } }))
        await client.invalidateQueries({ queryKey: macrosQuery.queryKey })
      })
    },
    onSuccess: () => {
      forget()
      client.invalidateQueries({ queryKey: macrosQuery.queryKey })
      onClose()
    },
  })
  return (
    <CreationForm create={create} shown={isShown} kept="new-macro" onStartOver={startOver} onClose={onClose}>
      <MacroFields error={create.error} ticket={ticket} rows={rows} onRows={write} />
    </CreationForm>
  )
}
