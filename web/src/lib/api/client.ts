/** The API as `openapi.json` describes it, its errors, and the session that renews itself. */
import createClient, { type Middleware } from 'openapi-fetch'
import { doubtPerson } from '@/lib/person'
import { earlyAnswer } from './early'
import type { components, paths } from './schema'
import { tellField, tellProblem } from './told'

export type Schemas = components['schemas']

/** An error as RFC 9457 describes it: what is wrong, where, and how to mend it. */
export class ApiProblem extends Error {
  readonly status: number
  readonly problems: Pick<Schemas['FieldProblem'], 'path' | 'message' | 'reason' | 'values'>[]
  readonly current: Schemas['Problem']['current']
  readonly hint: string | undefined
  /** Nobody answered, or only something in between: the same request may succeed later. */
  readonly away: boolean

  constructor(body: Partial<Schemas['Problem']> | undefined, status: number) {
    super(tellProblem(body, status))
    this.status = body?.status ?? status
    this.away = this.status === 503 || (body?.code === undefined && [502, 504].includes(status))
    this.problems = (body?.problems ?? []).map((each) => ({ ...each, message: tellField(each) }))
    this.current = body?.current
    this.hint = body?.hint ?? undefined
  }
}

/** What is wrong with each value sent; empty when the request failed for another reason. */
export const problemsOf = (error: unknown) => (error instanceof ApiProblem ? error.problems : [])

/** What is wrong with the value at this path. */
export const problemAt = (error: unknown, path: string) =>
  problemsOf(error).find((problem) => problem.path === path)?.message

type Refreshed = 'renewed' | 'ended' | 'unreachable'

let refreshing: Promise<Refreshed> | null = null
const endListeners = new Set<() => void>()

/** Called when a session has run out for good, not when the server is merely away. */
export function onSessionEnd(listener: () => void) {
  endListeners.add(listener)
  return () => {
    endListeners.delete(listener)
  }
}

async function refresh(): Promise<Refreshed> {
  try {
    const response = await fetch('/api/session/refresh', {
      method: 'POST',
      headers: { 'x-requested-with': 'autocrm' },
    })
    if (response.ok) return 'renewed'
    return response.status === 401 ? 'ended' : 'unreachable'
  } catch {
    return 'unreachable'
  }
}

/** One refresh for all requests whose access token had run out. */
export function refreshSession() {
  // A refresh token can be used once, and its second use ends the session: tabs take turns.
  refreshing ??= (navigator.locks ? navigator.locks.request('autocrm-refresh', refresh) : refresh())
    .then((outcome) => {
      if (outcome === 'ended') {
        doubtPerson()
        for (const listener of endListeners) listener()
      }
      return outcome
    })
    .finally(() => {
      refreshing = null
    })
  return refreshing
}

/** Browsers refuse `keepalive` for bodies that are together longer than 64 KiB. */
const MOST_KEPT_ALIVE = 16_384

/** A change goes out although its page is reloaded or closed right after it was made. */
async function keptAlive(request: Request) {
  if (request.method === 'GET' || request.method === 'HEAD') return request
  const { size } = await request.clone().blob()
  return size > MOST_KEPT_ALIVE ? request : new Request(request, { keepalive: true })
}

/**
 * A POST by a page that is being closed, of which nothing is heard any more. The client above waits before it sends,
 * which such a page does not live to see. False where the browser would refuse it.
 */
export function postAtClosing(path: string, key: string, body: unknown): boolean {
  const text = JSON.stringify(body)
  if (!navigator.onLine || new Blob([text]).size > MOST_KEPT_ALIVE) return false
  void fetch(path, {
    method: 'POST',
    keepalive: true,
    headers: { 'content-type': 'application/json', 'x-requested-with': 'autocrm', 'idempotency-key': key },
    body: text,
  }).catch(() => undefined)
  return true
}

const session: Middleware = {
  onRequest({ request }) {
    request.headers.set('x-requested-with', 'autocrm')
    return keptAlive(request)
  },
}

export const api = createClient<paths>({
  fetch: async (request) => {
    const retry = request.clone()
    const response = await (earlyAnswer(request) ?? fetch(request))
    if (response.status !== 401 || request.url.includes('/api/session')) return response
    return (await refreshSession()) === 'renewed' ? fetch(retry) : response
  },
})
api.use(session)

/** What comes from something in between, such as a gateway, is no problem of this API. */
const isProblem = (error: unknown): error is Partial<Schemas['Problem']> => typeof error === 'object' && error !== null

/** The data of an answer, or its problem thrown. */
export async function unwrap<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch((failed: Error) => {
    throw failed instanceof TypeError ? new ApiProblem(undefined, 503) : failed
  })
  if (error !== undefined || !response.ok) throw new ApiProblem(isProblem(error) ? error : undefined, response.status)
  return data as T
}
