/** The reads that index.html begins before the script is there. */

declare global {
  interface Window {
    early?: Record<string, Promise<Response>>
  }
}

// What is asked for later is to be read anew.
const LATEST_MS = 10_000

/** The answer to this request, if it is on its way already; each serves once. */
export function earlyAnswer({ method, url }: Request): Promise<Response> | undefined {
  const early = globalThis.window?.early
  if (method !== 'GET' || !early || performance.now() > LATEST_MS) return undefined
  const address = url.slice(location.origin.length)
  const answer = early[address]
  delete early[address]
  return answer
}
