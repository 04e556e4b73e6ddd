/** Sends files. XMLHttpRequest, because fetch does not tell how far an upload is. */
import { ApiProblem, refreshSession, type Schemas } from './client'

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
  const done = attempt().catch(async (error) => {
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
