import { Dialog } from '@base-ui/react/dialog'
import clsx from 'clsx'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from '@/components/messages'
import { keepClear } from '@/lib/keep-clear'
import { DialogRoot } from './dialog'

const SIDES = {
  start:
    'inset-y-0 start-0 w-[min(340px,calc(100vw-48px))] border-e data-starting-style:-translate-x-full data-ending-style:-translate-x-full rtl:data-starting-style:translate-x-full rtl:data-ending-style:translate-x-full',
  end: 'inset-y-0 end-0 w-[min(420px,100vw)] border-s data-starting-style:translate-x-full data-ending-style:translate-x-full rtl:data-starting-style:-translate-x-full rtl:data-ending-style:-translate-x-full',
  bottom:
    'inset-x-0 bottom-0 mx-auto max-h-[85dvh] w-full max-w-[640px] rounded-t-xl border-t pb-[env(safe-area-inset-bottom)] data-starting-style:translate-y-full data-ending-style:translate-y-full',
}

/** A panel that comes from an edge of the page and takes the keyboard: details, menus of a phone, a pane without room. */
export function Sheet({
  open,
  onClose,
  title,
  side = 'end',
  hideTitle = false,
  keepFocus,
  children,
}: {
  open: boolean
  onClose: () => void
  title: string
  side?: keyof typeof SIDES
  hideTitle?: boolean
  /** On closing, whether the focus goes back to what opened it; not when the page has changed meanwhile. */
  keepFocus?: () => boolean
  children: ReactNode
}) {
  return (
    <DialogRoot open={open} onClose={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          ref={side === 'bottom' ? keepClear : undefined}
          // A list that was opened together with the sheet, within it, has the keyboard already.
          initialFocus={() => !document.activeElement?.matches('[role=combobox]')}
          finalFocus={() => keepFocus?.() ?? true}
          className={clsx(
            'fixed z-50 flex flex-col border-line bg-panel shadow-pop outline-none transition-transform duration-200 ease-out',
            SIDES[side],
          )}
        >
          <div
            className={clsx('flex h-12 shrink-0 items-center justify-between gap-3 ps-4 pe-2', hideTitle && 'sr-only')}
          >
            <Dialog.Title className="truncate text-[16px] font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              className="grid size-11 place-items-center rounded-md hover:bg-hover md:size-8"
              aria-label={t.close}
            >
              <X size={17} />
            </Dialog.Close>
          </div>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </DialogRoot>
  )
}
