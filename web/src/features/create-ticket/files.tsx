import { FileText, LoaderCircle, Paperclip, TriangleAlert, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { ApiProblem } from '@/lib/api/client'
import { type UploadHandle, uploadFile } from '@/lib/api/upload'
import { t } from './messages'

export interface NewFile {
  key: number
  name: string
  /** Once it is there. */
  id?: number
  problem?: string
  handle: UploadHandle
}

let count = 0

/** Files that go with the description of a new ticket: each is sent as soon as it is chosen. */
export function useFiles() {
  const [files, setFiles] = useState<NewFile[]>([])
  const patch = (key: number, change: Partial<NewFile>) =>
    setFiles((now) => now.map((each) => (each.key === key ? { ...each, ...change } : each)))
  const add = (chosen: Iterable<File>) => {
    for (const file of chosen) {
      const key = ++count
      const handle = uploadFile(file, () => {})
      setFiles((now) => [...now, { key, name: file.name, handle }])
      handle.done.then(
        ({ id }) => patch(key, { id }),
        (error: Error) =>
          error.name !== 'AbortError' &&
          patch(key, { problem: (error instanceof ApiProblem && error.problems[0]?.message) || error.message }),
      )
    }
  }
  const remove = (key: number) =>
    setFiles((now) => {
      now.find((each) => each.key === key)?.handle.cancel()
      return now.filter((each) => each.key !== key)
    })
  return {
    files,
    add,
    remove,
    clear: () => setFiles([]),
    ids: files.flatMap(({ id }) => id ?? []),
    pending: files.some(({ id, problem }) => id === undefined && problem === undefined),
  }
}

export function Files({ files, add, remove }: Pick<ReturnType<typeof useFiles>, 'files' | 'add' | 'remove'>) {
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
          {files.map(({ key, name, id, problem }) => (
            <li key={key} className="flex min-h-7 items-center gap-2 rounded-md border border-line px-2">
              {problem ? (
                <TriangleAlert size={14} className="shrink-0 text-danger" aria-hidden />
              ) : id === undefined ? (
                <LoaderCircle size={14} className="shrink-0 animate-spin text-dim" role="img" aria-label={t.sending} />
              ) : (
                <FileText size={14} className="shrink-0 text-dim" aria-hidden />
              )}
              <span dir="auto" className="min-w-0 flex-1 truncate">
                {name}
              </span>
              {problem && (
                <span role="alert" className="min-w-0 text-danger">
                  {problem}
                </span>
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
          ))}
        </ul>
      )}
    </div>
  )
}
