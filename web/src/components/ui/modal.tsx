import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useCallback, useRef } from 'react'
import { t } from '@/components/messages'
import { keepClear } from '@/lib/keep-clear'
import { DialogRoot } from './dialog'

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
  const hold = useCallback((element: HTMLDivElement | null) => {
    popup.current = element
    return keepClear(element)
  }, [])
  return (
    <DialogRoot open={open} onClose={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          ref={hold}
          // Whoever opens a form is about to type, whoever is asked to answer; true leaves the choice to the library.
          initialFocus={() =>
            popup.current?.querySelector<HTMLElement>('input, textarea, select, [data-first]') ?? true
          }
          // From everywhere in a form, as in an editor; a button that waits is not pressed.
          onKeyDown={(event) => {
            if (event.defaultPrevented || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
            const form = event.target instanceof Element && event.target.closest('form')
            if (!form) return
            event.preventDefault()
            form.querySelector<HTMLElement>('[type=submit]:not(:disabled)')?.click()
          }}
          className="fixed inset-x-0 top-[12vh] mx-auto z-50 max-h-[76vh] w-[min(620px,92vw)] overflow-auto rounded-xl border border-line bg-raised p-5 shadow-pop outline-none"
        >
          <div className="mb-4 flex items-center justify-between">
            <Dialog.Title className="text-[16px] font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              className="grid size-7 place-items-center max-md:size-11 rounded-md hover:bg-hover"
              aria-label={t.close}
            >
              <X size={16} />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </DialogRoot>
  )
}
