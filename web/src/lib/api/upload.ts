/** Sends files. XMLHttpRequest, because fetch does not tell how far an upload is. */
import { ApiProblem, api, refreshSession, type Schemas } from './client'

export interface UploadHandle {
  done: Promise<Schemas['Attachment']>
  cancel: () => void
}

const read = (request: XMLHttpRequest) => {
  try {
    return JSON.parse(request.responseText)
  } catch {
    return undefined
  }
}

/** From here on it is worth asking first whether the desk takes a file of this size. */
const LARGE = 1_000_000

/** A large file is refused before it is sent. What cannot be asked the desk says when it has the file. */
async function checkSize({ size }: File) {
  if (size < LARGE) return
  const { data } = await api.GET('/api/settings').catch(() => ({ data: undefined }))
  if (!data || size <= data.attachment_max_bytes) return
  const values = { most: String(data.attachment_max_bytes) }
  throw new ApiProblem({ problems: [{ path: 'size', message: '', reason: 'file_too_big', values }] }, 413)
}

/** Why a file was not taken. `final`: it never will be, however often it is sent. */
export const refusalOf = (error: Error) => ({
  problem: (error instanceof ApiProblem && error.problems[0]?.message) || error.message,
  final: error instanceof ApiProblem && [400, 413, 415, 422].includes(error.status),
})

/** `onProgress` is told the share that is sent, 0 to 1. A cancelled upload rejects with an AbortError. */
export function uploadFile(file: File, onProgress: (share: number) => void): UploadHandle {
  let request = new XMLHttpRequest()
  let cancelled = false
  const attempt = () =>
    new Promise<Schemas['Attachment']>((resolve, reject) => {
      request = new XMLHttpRequest()
      request.open('POST', `/api/attachments?name=${encodeURIComponent(file.name)}`)
      request.setRequestHeader('x-requested-with', 'autocrm')
      request.setRequestHeader('content-type', file.type || 'application/octet-stream')
      request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0)
      request.onload = () => {
        if (request.status === 201) resolve(read(request))
        else reject(new ApiProblem(read(request), request.status))
      }
      request.onerror = () => reject(new ApiProblem(undefined, 503))
      request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
      request.send(file)
    })
  const done = checkSize(file)
    .then(() => {
      if (cancelled) throw new DOMException('cancelled', 'AbortError')
      return attempt()
    })
    .catch(async (error) => {
      // The session ran out meanwhile: renewed, then once more.
      const ended = error instanceof ApiProblem && error.status === 401
      if (!ended || cancelled || (await refreshSession()) !== 'renewed') throw error
      return attempt()
    })
  return {
    done,
    cancel: () => {
      cancelled = true
      request.abort()
    },
  }
}
