import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { Told } from '@/components/ui/told'
import { customFieldsQuery } from '@/desk/config'
import type { Macro } from '@/desk/macros'
import { useProblemWords } from '@/desk/problem-words'
import type { Ticket } from '@/desk/tickets'
import { problemsOf } from '@/lib/api/client'
import { actionOf, rowsOf } from './macro-actions'
import { isShown, MacroFields } from './macro-fields'
import { t } from './messages'
import { changesIn, useOwnMacros } from './own-macros'

/** Changes or deletes a macro of one's own. */
export const EditMacro = ({
  open,
  macro,
  ticket,
  onClose,
}: {
  open: boolean
  macro: Macro | undefined
  ticket: Ticket
  onClose: () => void
}) => (
  <Modal open={open} onClose={onClose} title={t.newMacro.edit}>
    {macro && <Form key={macro.id} macro={macro} ticket={ticket} onClose={onClose} />}
  </Modal>
)

function Form({ macro, ticket, onClose }: { macro: Macro; ticket: Ticket; onClose: () => void }) {
  const { data: fields } = useQuery(customFieldsQuery)
  const [rows, setRows] = useState(() => rowsOf(macro.actions))
  const { save, remove } = useOwnMacros()
  const words = useProblemWords()
  const problems = problemsOf(save.error)
  const others = problems.filter(({ path }) => !isShown(path))
  return (
    <form
      noValidate
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        const actions = rows.map((row) => actionOf(row, fields?.items ?? []))
        const body = changesIn(macro, new FormData(event.currentTarget), actions)
        if (!Object.keys(body).length) onClose()
        else if (!save.isPending) save.mutate({ macro, body }, { onSuccess: onClose })
      }}
    >
      <MacroFields error={save.error} macro={macro} ticket={ticket} rows={rows} onRows={setRows} />
      {save.error && (others.length > 0 || !problems.length) && (
        <div role="alert" className="text-danger">
          <p>
            <Told text={save.error.message} />
          </p>
          {others.map((problem) => (
            <p key={problem.path}>{words.problem(problem)}</p>
          ))}
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button
          className="me-auto text-danger-ink max-md:h-11"
          onClick={() => {
            void remove(macro)
            onClose()
          }}
        >
          <Trash2 size={14} aria-hidden /> {t.newMacro.remove}
        </Button>
        <Button className="max-md:h-11" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button variant="primary" type="submit" className="max-md:h-11" disabled={save.isPending}>
          {t.newMacro.save}
        </Button>
      </div>
    </form>
  )
}
