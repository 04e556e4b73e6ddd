/** What a job was asked to do, as it was stored with it: the description of the API leaves that open. */
import type { Schemas } from '@/lib/api/client'
import { isObject } from '@/lib/api/open'

type Deed = Omit<Schemas['CreateBulkJob'], 'ids' | 'view_id' | 'filter'>

const isMaybe = (value: unknown, is: (value: unknown) => boolean) => value === undefined || value === null || is(value)
const isNumber = (value: unknown) => typeof value === 'number'

const isDeed = (value: unknown): value is Deed =>
  isObject(value) &&
  isMaybe(value.changes, isObject) &&
  isMaybe(value.add_tags, Array.isArray) &&
  isMaybe(value.remove_tags, Array.isArray) &&
  isMaybe(value.into, isNumber) &&
  isMaybe(value.macro_id, isNumber)

export function deedOf({ action, body }: { action: Schemas['BulkAction']; body: unknown }): Deed {
  const deed = isObject(body) ? { ...body, action } : undefined
  return isDeed(deed) ? deed : { action }
}
