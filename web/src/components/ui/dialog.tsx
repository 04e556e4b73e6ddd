import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { useBackCloses } from '@/lib/overlays'

/** Around every dialog and sheet: closed by Escape, by a press beside it, and by the browser's Back. */
export function DialogRoot({ open, onClose, children }: { open: boolean; onClose: () => void; children: ReactNode }) {
  useBackCloses(open, onClose)
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      {children}
    </Dialog.Root>
  )
}
