import type { ReactNode } from 'react'
import { t } from '@/components/messages'
import { Button } from './button'
import { Modal } from './modal'

/** Asks before what nobody can undo. */
export const Confirm = ({
  open,
  title,
  children,
  verb,
  onConfirm,
  onClose,
}: {
  open: boolean
  title: string
  /** What comes of it. */
  children: ReactNode
  /** What the button says. */
  verb: string
  onConfirm: () => void
  onClose: () => void
}) => (
  <Modal open={open} onClose={onClose} title={title}>
    <p className="[overflow-wrap:anywhere]">{children}</p>
    <div className="mt-5 flex justify-end gap-2">
      <Button variant="chip" className="max-md:h-11" onClick={onClose}>
        {t.cancel}
      </Button>
      <Button
        variant="primary"
        className="max-md:h-11"
        data-first
        onClick={() => {
          onClose()
          onConfirm()
        }}
      >
        {verb}
      </Button>
    </div>
  </Modal>
)
