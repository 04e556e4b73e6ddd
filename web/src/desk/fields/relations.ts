/** What custom fields of the type relation point to: people, organizations, tickets and records, found by a few letters. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/lib/api/client'

export interface Related {
  id: number
  name: string
  /** What tells it from others of its name. */
  hint?: string | undefined
}

/** `user`, `organization`, `ticket` or `object:` and the key of an object type. */
export type Target = string

const MINUTE = 60_000
const MOST = 20

async function read(target: Target, id: number, signal: AbortSignal): Promise<Related> {
  const path = { params: { path: { id } }, signal }
  if (target === 'user') {
    const user = await unwrap(api.GET('/api/users/{id}', path))
    return { id, name: user.name, hint: user.email ?? undefined }
  }
  if (target === 'organization') return { id, name: (await unwrap(api.GET('/api/organizations/{id}', path))).name }
  if (target === 'ticket') {
    const ticket = await unwrap(api.GET('/api/tickets/{id}', path))
    return { id, name: ticket.subject, hint: `#${id}` }
  }
  const record = await unwrap(api.GET('/api/object-records/{id}', path))
  return { id, name: record.name, hint: record.external_key ?? undefined }
}

async function find(target: Target, typed: string, signal: AbortSignal): Promise<Related[]> {
  const query = { limit: MOST, ...(typed ? { q: typed } : {}) }
  if (target === 'user') {
    const { items } = await unwrap(api.GET('/api/users', { params: { query }, signal }))
    return items.map(({ id, name, email }) => ({ id, name, hint: email ?? undefined }))
  }
  if (target === 'organization') {
    const { items } = await unwrap(api.GET('/api/organizations', { params: { query }, signal }))
    return items.map(({ id, name }) => ({ id, name }))
  }
  if (target === 'ticket') {
    const found = typed
      ? await unwrap(api.GET('/api/search', { params: { query: { q: typed, limit: MOST } }, signal }))
      : await unwrap(api.GET('/api/tickets', { params: { query: { limit: MOST } }, signal }))
    return found.items.map(({ id, subject }) => ({ id, name: subject, hint: `#${id}` }))
  }
  const type = target.replace(/^object:/, '')
  const records = { type, limit: MOST, ...(typed ? { name: typed } : {}) }
  const { items } = await unwrap(api.GET('/api/object-records', { params: { query: records }, signal }))
  return items.map(({ id, name, external_key }) => ({ id, name, hint: external_key ?? undefined }))
}

/** What a value points to; refused when it is hidden from this agent. */
export const relatedQuery = (target: Target, id: number) =>
  queryOptions({
    queryKey: ['related', target, id],
    staleTime: 5 * MINUTE,
    queryFn: ({ signal }) => read(target, id, signal),
  })

export const findRelatedQuery = (target: Target, typed: string) =>
  queryOptions({
    queryKey: ['find-related', target, typed],
    staleTime: MINUTE,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => find(target, typed, signal),
  })
