/** Renews single rows in cached pages of a list. */
import type { InfiniteData } from '@tanstack/react-query'

interface Versioned {
  id: number
  version?: number
}

interface Page<T> {
  items: T[]
  next?: string | null
}

export type Pages<T> = InfiniteData<Page<T>>

/** The same pages with one row renewed where it stands: rows never move under the cursor. */
export function patchRow<T extends Versioned>(data: Pages<T> | undefined, row: T) {
  if (!data) return data
  let found = false
  const pages = data.pages.map((page) => {
    const at = page.items.findIndex((item) => item.id === row.id)
    // An event received after a drop may be older than what has been read since.
    if (at < 0 || (page.items[at]?.version ?? 0) > (row.version ?? 0)) return page
    found = true
    return { ...page, items: page.items.with(at, row) }
  })
  return found ? { ...data, pages } : data
}
