import { Dialog } from '@base-ui/react/dialog'
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react'
import { useState } from 'react'
import { DialogRoot } from '@/components/ui/dialog'
import type { Schemas } from '@/lib/api/client'
import { towardsEnd } from '@/lib/direction'
import { formatSize } from '@/lib/format-size'
import { contentOf } from './files'
import { t } from './messages'

const BUTTON = 'grid size-11 shrink-0 place-items-center rounded-lg text-white hover:bg-white/15'

/** The images of a message over the whole page: ← and → turn, the other way round where one reads from the right. */
export default function Viewer({
  images,
  first,
  onClose,
}: {
  images: Schemas['AttachmentRef'][]
  first: number
  onClose: () => void
}) {
  const [shownId, setShownId] = useState(first)
  const [failed, setFailed] = useState<number | null>(null)
  const at = Math.max(
    0,
    images.findIndex((image) => image.id === shownId),
  )
  const image = images[at]
  if (!image) return null
  const several = images.length > 1
  const turn = (step: number) => setShownId(images[(at + step + images.length) % images.length]?.id ?? shownId)
  return (
    <DialogRoot open onClose={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-50 bg-black" />
        <Dialog.Popup
          className="fixed inset-0 z-50 flex flex-col text-white outline-none"
          onKeyDown={(event) => {
            const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
            if (step) turn(step * towardsEnd())
          }}
        >
          <div className="flex h-14 shrink-0 items-center gap-2 px-3">
            <Dialog.Title className="sr-only">{t.viewer}</Dialog.Title>
            <p dir="auto" className="min-w-0 flex-1 truncate font-medium">
              {image.name}{' '}
              <span className="font-normal text-white/80">
                <bdi>{formatSize(image.size)}</bdi>
              </span>
            </p>
            <span role="status" className="shrink-0">
              {several && t.position(at + 1, images.length)}
            </span>
            <a href={contentOf(image.id)} download={image.name} aria-label={t.download(image.name)} className={BUTTON}>
              <Download size={18} />
            </a>
            <Dialog.Close aria-label={t.close} className={BUTTON}>
              <X size={20} />
            </Dialog.Close>
          </div>
          <div className="flex min-h-0 flex-1 items-center gap-1 px-1 pb-4">
            {several && (
              <button type="button" aria-label={t.previous} className={BUTTON} onClick={() => turn(-1)}>
                <ChevronLeft size={24} className="rtl:-scale-x-100" />
              </button>
            )}
            <div className="flex h-full min-w-0 flex-1 items-center justify-center">
              {failed === image.id ? (
                <p role="alert">{t.imageFailed}</p>
              ) : (
                <img
                  key={image.id}
                  src={contentOf(image.id)}
                  alt={image.name}
                  className="max-h-full max-w-full rounded object-contain"
                  onError={() => setFailed(image.id)}
                />
              )}
            </div>
            {several && (
              <button type="button" aria-label={t.next} className={BUTTON} onClick={() => turn(1)}>
                <ChevronRight size={24} className="rtl:-scale-x-100" />
              </button>
            )}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </DialogRoot>
  )
}
