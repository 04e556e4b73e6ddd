import { FileText, LoaderCircle, Paperclip, RotateCw, TriangleAlert, X } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '@/components/ui/button'
import { FileName } from '@/components/ui/file'
import { t } from './messages'
import type { useFiles } from './new-files'

/** The files of a new ticket, each with its progress and its way out. */
export function Files({ files, add, remove, retry }: ReturnType<typeof useFiles>) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <div>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t.attach}
        onChange={(event) => {
          add(event.target.files ?? [])
          event.target.value = ''
        }}
      />
      <Button variant="chip" className="max-md:h-11" onClick={() => input.current?.click()}>
        <Paperclip size={14} aria-hidden /> {t.attach}
      </Button>
      {files.length > 0 && (
        <ul aria-label={t.files} className="mt-2 space-y-1">
          {files.map((file) => {
            const { key, name, id, problem, sent } = file
            return (
              <li key={key} className="flex min-h-7 items-center gap-2 rounded-md border border-line px-2">
                {problem ? (
                  <TriangleAlert size={14} className="shrink-0 text-danger" aria-hidden />
                ) : id === undefined ? (
                  <LoaderCircle
                    size={14}
                    className="shrink-0 animate-spin text-dim"
                    role="img"
                    aria-label={t.sending}
                  />
                ) : (
                  <FileText size={14} className="shrink-0 text-dim" aria-hidden />
                )}
                <FileName name={name} className="flex-1" />
                {id === undefined && !problem && <span className="text-[12px] text-dim">{t.share(sent)}</span>}
                {problem && (
                  <span role="alert" className="min-w-0 text-danger">
                    {problem}
                  </span>
                )}
                {problem && file.file && !file.final && (
                  <button
                    type="button"
                    aria-label={t.retryFile(name)}
                    className="grid size-6 shrink-0 place-items-center rounded hover:bg-hover max-md:size-11"
                    onClick={() => retry(file)}
                  >
                    <RotateCw size={14} />
                  </button>
                )}
                <button
                  type="button"
                  aria-label={t.removeFile(name)}
                  className="grid size-6 shrink-0 place-items-center rounded hover:bg-hover max-md:size-11"
                  onClick={() => remove(key)}
                >
                  <X size={14} />
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
