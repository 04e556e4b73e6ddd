import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Modal } from '@/components/ui/modal'
import { CreationForm } from '@/desk/creation-form'
import { macrosQuery } from '@/desk/macros'
import { withUndo } from '@/desk/undo'
import { api, unwrap } from '@/lib/api/client'
import { MacroFields } from './macro-fields'
import { t } from './messages'

/** Saves words that come up again as a macro of one's own. */
export const NewMacro = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <Modal open={open} onClose={onClose} title={t.newMacro.title}>
    <Form onClose={onClose} />
  </Modal>
)

function Form({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const name = String(form.get('name')).trim()
      const made = unwrap(
        api.POST('/api/macros', {
          body: {
            name,
            body_text: String(form.get('text')).trim(),
            message_kind: form.get('kind') === 'note' ? 'note' : 'reply',
            scope: 'private',
          },
        }),
      )
      return withUndo(made, t.newMacro.made(name), async ({ id }) => {
        await unwrap(api.DELETE('/api/macros/{id}', { params: { path: { id } } }))
        await client.invalidateQueries({ queryKey: macrosQuery.queryKey })
      })
    },
    onSuccess: () => {
      client.invalidateQueries({ queryKey: macrosQuery.queryKey })
      onClose()
    },
  })
  return (
    <CreationForm create={create} shown={['name', 'body_text']} kept="new-macro" onClose={onClose}>
      <MacroFields error={create.error} />
    </CreationForm>
  )
}
