import type { InfiniteData } from '@tanstack/react-query'

interface HasId {
  id: number
  version?: number
}

interface Page<T> {
  items: T[]
  next?: string | null
}

/** The same pages with one row renewed where it stands: rows never move under the cursor. */
export function patchRow<T extends HasId>(data: InfiniteData<Page<T>> | undefined, row: T) {
  if (!data) return data
  let found = false
  const pages = data.pages.map((page) => {
    const at = page.items.findIndex((item) => item.id === row.id)
    // What is caught up after a drop may be older than what has been read since.
    if (at < 0 || (page.items[at]?.version ?? 0) > (row.version ?? 0)) return page
    found = true
    return { ...page, items: page.items.with(at, row) }
  })
  return found ? { ...data, pages } : data
}
