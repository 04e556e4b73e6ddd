/** Asks before something goes for good: what is lost with it, and that nothing brings it back. */
import { useMutation } from '@tanstack/react-query'
import { Trash2, TriangleAlert } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Modal } from '@/components/ui/modal'
import { Told } from '@/components/ui/told'
import { problemsOf } from '@/lib/api/client'
import { t } from './messages'

export interface DeleteDialogProps {
  open: boolean
  name: string
  /** What goes with it, a sentence each. */
  losses: string[]
  onDelete: () => Promise<unknown>
  onDeleted: () => void
  onClose: () => void
}

export const DeleteDialog = ({ name, open, onClose, ...rest }: DeleteDialogProps) => (
  <Modal open={open} onClose={onClose} title={t.deleting.title(name)}>
    <Question name={name} onClose={onClose} {...rest} />
  </Modal>
)

function Question({ losses, onDelete, onDeleted, onClose }: Omit<DeleteDialogProps, 'open'>) {
  const remove = useMutation({ mutationFn: onDelete, onSuccess: onDeleted })
  return (
    <div className="space-y-3">
      <ul className="list-disc space-y-1 ps-5 [overflow-wrap:anywhere]">
        {losses.map((loss) => (
          <li key={loss}>{loss}</li>
        ))}
      </ul>
      <p className="flex items-center gap-2 font-medium text-danger">
        <TriangleAlert size={15} className="shrink-0" aria-hidden /> {t.deleting.forGood}
      </p>
      {remove.error && (
        <div role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger-ink [overflow-wrap:anywhere]">
          <p>
            <Told text={remove.error.message} />
          </p>
          {problemsOf(remove.error).map(({ path, message }) => (
            <p key={path}>
              <Told text={message} />
            </p>
          ))}
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button variant="chip" className="max-md:h-11" onClick={onClose}>
          {t.form.cancel}
        </Button>
        <Button variant="primary" className="max-md:h-11" disabled={remove.isPending} onClick={() => remove.mutate()}>
          <Trash2 size={14} aria-hidden /> {t.deleting.now}
        </Button>
      </div>
    </div>
  )
}
