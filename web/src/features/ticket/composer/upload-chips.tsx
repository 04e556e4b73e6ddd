import clsx from 'clsx'
import { FileText, ImageIcon, RotateCw, X } from 'lucide-react'
import { FileName } from '@/components/ui/file'
import { formatSize } from '@/lib/format-size'
import { t } from './messages'
import { removeUpload, retryUpload, type Upload } from './uploads'

const BUTTON = 'grid size-6 shrink-0 place-items-center rounded text-dim hover:bg-hover hover:text-ink max-md:size-11'

/** The files that go with a message: how far each is, and how to take it out. */
export function UploadChips({ place, uploads }: { place: string; uploads: Upload[] }) {
  const shown = uploads.filter((upload) => !upload.inline || upload.state !== 'done')
  if (!shown.length) return null
  return (
    <ul aria-label={t.attached} className="flex flex-wrap gap-1.5 px-1 pt-1.5 max-md:px-2">
      {shown.map((upload) => {
        const percent = Math.floor(upload.sent * 100)
        return (
          <li
            key={upload.key}
            className={clsx(
              'relative flex h-8 max-w-full min-w-0 items-center gap-2 overflow-hidden rounded-md border ps-2 pe-1 max-md:h-12',
              upload.state === 'failed' ? 'border-danger bg-danger-soft text-danger-ink' : 'border-line bg-raised',
            )}
          >
            {upload.image && upload.id ? (
              <img
                src={`/api/attachments/${upload.id}/thumbnail`}
                alt=""
                className="size-5 rounded object-cover max-md:size-9"
              />
            ) : upload.inline ? (
              <ImageIcon size={15} className="shrink-0" aria-hidden />
            ) : (
              <FileText size={15} className="shrink-0" aria-hidden />
            )}
            <FileName name={upload.name} className="max-w-60" />
            <bdi className="shrink-0 text-[12px] text-dim">
              {upload.state === 'uploading'
                ? t.percent(percent)
                : upload.state === 'done'
                  ? formatSize(upload.size)
                  : ''}
            </bdi>
            {upload.state === 'failed' && (
              <>
                <span role="alert" className="min-w-0 truncate text-[12px]" title={upload.problem}>
                  {upload.problem}
                </span>
                {!upload.final && (
                  <button
                    type="button"
                    aria-label={t.retryUpload(upload.name)}
                    className="flex h-6 shrink-0 items-center gap-1 rounded px-1.5 font-medium hover:bg-hover max-md:h-11"
                    onClick={() => retryUpload(upload.key)}
                  >
                    <RotateCw size={13} aria-hidden /> {t.retry}
                  </button>
                )}
              </>
            )}
            <button
              type="button"
              aria-label={upload.state === 'uploading' ? t.cancelUpload(upload.name) : t.removeFile(upload.name)}
              className={BUTTON}
              onClick={() => removeUpload(place, upload.key)}
            >
              <X size={14} />
            </button>
            {upload.state === 'uploading' && (
              <span
                role="progressbar"
                aria-label={t.uploading(upload.name, percent)}
                aria-valuenow={percent}
                aria-valuemin={0}
                aria-valuemax={100}
                className="absolute inset-x-0 bottom-0 h-0.5"
              >
                <span className="block h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
