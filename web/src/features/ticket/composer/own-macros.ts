/** Macros of one's own: changed and deleted, each with the way back. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toast'
import { told } from '@/components/ui/told'
import { type Macro, macrosQuery } from '@/desk/macros'
import { offerUndo, withUndo } from '@/desk/undo'
import { api, type Schemas, unwrap } from '@/lib/api/client'
import { sameActions } from './macro-actions'
import { wordsOf } from './macros'
import { t } from './messages'

const patch = ({ id, version }: Macro, body: Schemas['UpdateMacro']) =>
  unwrap(api.PATCH('/api/macros/{id}', { params: { path: { id } }, headers: { 'if-match': `"${version}"` }, body }))

/** Its text as it was written: HTML where there is some. */
const textOf = ({ body_html, body_text }: Macro) => (body_html ? { body_html } : { body_text: body_text ?? null })

/** What a form says of a macro: the keys alone that differ from it. */
export function changesIn(macro: Macro, form: FormData, actions: Schemas['Action'][]): Schemas['UpdateMacro'] {
  const name = String(form.get('name')).trim()
  const text = String(form.get('text')).trim()
  const kind = form.get('kind') === 'note' ? 'note' : 'reply'
  // One that only changes fields writes nothing.
  const silent = !text && actions.length > 0
  const reworded = text !== wordsOf(macro).trim()
  return {
    ...(name === macro.name ? {} : { name }),
    ...(reworded ? { body_text: silent ? null : text, ...(macro.body_html ? { body_html: null } : {}) } : {}),
    ...(silent && macro.message_kind ? { message_kind: null } : {}),
    ...(text && kind !== macro.message_kind ? { message_kind: kind } : {}),
    ...(sameActions(actions, macro.actions) ? {} : { actions }),
  }
}

export function useOwnMacros() {
  const client = useQueryClient()
  const readAnew = () => client.invalidateQueries({ queryKey: macrosQuery.queryKey })
  const save = useMutation({
    mutationFn: ({ macro, body }: { macro: Macro; body: Schemas['UpdateMacro'] }) => patch(macro, body),
    onSuccess: (after, { macro }) => {
      void readAnew()
      offerUndo({
        text: t.newMacro.changed(after.name),
        undo: async () => {
          const { name, actions, message_kind = null } = macro
          await patch(after, { name, actions, message_kind, body_text: null, body_html: null, ...textOf(macro) })
          await readAnew()
        },
      })
    },
  })
  const remove = (macro: Macro) => {
    const { id, name, description, scope, actions, message_kind } = macro
    const work = unwrap(api.DELETE('/api/macros/{id}', { params: { path: { id } } })).then(readAnew)
    return withUndo(work, t.newMacro.deleted(name), async () => {
      const again = { name, description, scope, actions, message_kind: message_kind ?? null, ...textOf(macro) }
      await unwrap(api.POST('/api/macros', { body: again }))
      await readAnew()
    }).catch((error: Error) => {
      toast.error(t.newMacro.notDeleted(name), { description: told(error.message) })
    })
  }
  return { save, remove }
}
