import { Trash2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { Told } from '@/components/ui/told'
import type { Macro } from '@/desk/macros'
import { useProblemWords } from '@/desk/problem-words'
import { problemsOf } from '@/lib/api/client'
import { MacroFields } from './macro-fields'
import { t } from './messages'
import { changesIn, useOwnMacros } from './own-macros'

/** Changes or deletes a macro of one's own. */
export const EditMacro = ({
  open,
  macro,
  onClose,
}: {
  open: boolean
  macro: Macro | undefined
  onClose: () => void
}) => (
  <Modal open={open} onClose={onClose} title={t.newMacro.edit}>
    {macro && <Form key={macro.id} macro={macro} onClose={onClose} />}
  </Modal>
)

const BESIDE_FIELDS = ['name', 'body_text']

function Form({ macro, onClose }: { macro: Macro; onClose: () => void }) {
  const { save, remove } = useOwnMacros()
  const words = useProblemWords()
  const problems = problemsOf(save.error)
  const others = problems.filter(({ path }) => !BESIDE_FIELDS.includes(path))
  return (
    <form
      noValidate
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        const body = changesIn(macro, new FormData(event.currentTarget))
        if (!Object.keys(body).length) onClose()
        else if (!save.isPending) save.mutate({ macro, body }, { onSuccess: onClose })
      }}
    >
      <MacroFields error={save.error} macro={macro} />
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
