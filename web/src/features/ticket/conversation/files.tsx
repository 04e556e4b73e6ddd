import { Download } from 'lucide-react'
import { FileIcon, FileName } from '@/components/ui/file'
import type { Schemas } from '@/lib/api/client'
import { formatSize } from '@/lib/format-size'
import { t } from './messages'

type File = Schemas['AttachmentRef']

export const contentOf = (id: number) => `/api/attachments/${id}/content`

function save(file: File) {
  const link = document.createElement('a')
  link.href = contentOf(file.id)
  link.download = file.name
  link.click()
}

/** The files of a message: images as small pictures that open in the viewer, everything else to download. */
export function Files({ files, onOpen }: { files: File[]; onOpen: (id: number) => void }) {
  // What the text shows is not listed again.
  const listed = files.filter((file) => !file.inline)
  if (!listed.length) return null
  return (
    <div role="group" aria-label={t.files} className="mt-2 flex flex-wrap items-end gap-2">
      {listed.map((file) =>
        file.thumbnail ? (
          <button
            key={file.id}
            type="button"
            aria-label={t.openImage(file.name)}
            className="w-44 max-w-full overflow-hidden rounded-lg border border-line bg-raised text-start hover:border-accent"
            onClick={() => onOpen(file.id)}
          >
            <img
              src={`/api/attachments/${file.id}/thumbnail`}
              alt=""
              loading="lazy"
              className="h-[76px] w-full bg-hover object-cover object-top"
            />
            <span className="flex items-center gap-2 px-2 py-1 text-[12px]">
              <FileName name={file.name} className="flex-1" />
              <span className="shrink-0 text-dim">
                <bdi>{formatSize(file.size)}</bdi>
              </span>
            </span>
          </button>
        ) : (
          <a
            key={file.id}
            href={contentOf(file.id)}
            download={file.name}
            aria-label={t.download(file.name)}
            className="flex max-w-full min-w-0 items-center gap-2.5 rounded-lg border border-line bg-raised py-2 ps-2 pe-3 hover:border-accent"
          >
            <FileIcon name={file.name} />
            <span className="min-w-0">
              <FileName name={file.name} />
              <span className="block text-[12px] text-dim">
                <bdi>{formatSize(file.size)}</bdi>
              </span>
            </span>
          </a>
        ),
      )}
      {listed.length > 1 && (
        <button
          type="button"
          aria-label={t.downloadAllLabel(listed.length)}
          className="flex h-7 items-center gap-1.5 rounded-md px-2 text-dim hover:bg-hover hover:text-ink max-md:h-11"
          onClick={() => listed.forEach(save)}
        >
          <Download size={15} aria-hidden /> {t.downloadAll(listed.length)}
        </button>
      )}
    </div>
  )
}
