import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Modal } from '@/components/ui/modal'
import { toast } from '@/components/ui/toast'
import { CreationForm } from '@/desk/creation-form'
import { macrosQuery } from '@/desk/macros'
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
    mutationFn: (form: FormData) =>
      unwrap(
        api.POST('/api/macros', {
          body: {
            name: String(form.get('name')).trim(),
            body_text: String(form.get('text')).trim(),
            message_kind: form.get('kind') === 'note' ? 'note' : 'reply',
            scope: 'private',
          },
        }),
      ),
    onSuccess: ({ name }) => {
      client.invalidateQueries({ queryKey: macrosQuery.queryKey })
      toast.success(t.newMacro.made(name))
      onClose()
    },
  })
  return (
    <CreationForm create={create} shown={['name', 'body_text']} onClose={onClose}>
      <MacroFields error={create.error} />
    </CreationForm>
  )
}
