/** Renews single rows in cached pages of a list. */
import type { InfiniteData } from '@tanstack/react-query'

interface Page<T> {
  items: T[]
  next?: string | null
}

export type Pages<T> = InfiniteData<Page<T>>

/** The same pages with one row renewed where it stands: rows never move under the cursor. */
export function patchRow<T extends { id: number }>(data: Pages<T> | undefined, id: number, renew: (row: T) => T) {
  if (!data) return data
  let changed = false
  const pages = data.pages.map((page) => {
    const at = page.items.findIndex((item) => item.id === id)
    const before = page.items[at]
    const after = before && renew(before)
    if (!after || after === before) return page
    changed = true
    return { ...page, items: page.items.with(at, after) }
  })
  return changed ? { ...data, pages } : data
}
