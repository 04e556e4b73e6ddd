import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

/** A panel that comes over the page from its end; on a phone a sheet that fills it nearly. */
export function Drawer({
  open,
  onClose,
  title,
  closeLabel,
  children,
}: {
  open: boolean
  onClose: () => void
  title: string
  closeLabel: string
  children: ReactNode
}) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/35 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none" />
        <Dialog.Popup className="fixed inset-y-0 end-0 z-40 flex w-[340px] max-w-full flex-col border-s border-line bg-canvas shadow-2xl outline-none transition-transform duration-150 data-ending-style:translate-x-full data-starting-style:translate-x-full motion-reduce:transition-none max-md:inset-x-0 max-md:top-[8vh] max-md:bottom-0 max-md:w-auto max-md:rounded-t-2xl max-md:border-s-0 max-md:border-t max-md:data-ending-style:translate-x-0 max-md:data-ending-style:translate-y-full max-md:data-starting-style:translate-x-0 max-md:data-starting-style:translate-y-full rtl:data-ending-style:-translate-x-full rtl:data-starting-style:-translate-x-full">
          <div className="flex h-12 shrink-0 items-center justify-between border-b border-line ps-4 pe-2">
            <Dialog.Title className="font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              className="grid size-9 place-items-center rounded-md hover:bg-hover max-md:size-11"
              aria-label={closeLabel}
            >
              <X size={16} />
            </Dialog.Close>
          </div>
          <div className="flex min-h-0 flex-1 flex-col">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
