import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'

/** A dialog with a title, above the page. */
export function Modal({
  open,
  onClose,
  title,
  children,
}: {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
}) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/35" />
        <Dialog.Popup
          ref={popup}
          // Whoever opens a form is about to type; true leaves the choice to the library.
          initialFocus={() => popup.current?.querySelector<HTMLElement>('input, textarea, select') ?? true}
          className="fixed top-[12vh] left-1/2 z-50 max-h-[76vh] w-[min(620px,92vw)] -translate-x-1/2 overflow-auto rounded-xl border border-line bg-raised p-5 shadow-2xl outline-none"
        >
          <div className="mb-4 flex items-center justify-between">
            <Dialog.Title className="text-[16px] font-semibold">{title}</Dialog.Title>
            <Dialog.Close className="grid size-7 place-items-center rounded-md hover:bg-hover" aria-label="Close">
              <X size={16} />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
