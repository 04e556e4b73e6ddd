import { useSyncExternalStore } from 'react'

/** To be matched once, not at each drawing. */
const known = new Map<string, { matches: () => boolean; subscribe: (listener: () => void) => () => void }>()

function mediaOf(query: string) {
  const found = known.get(query)
  if (found) return found
  const media = matchMedia(query)
  const made = {
    matches: () => media.matches,
    subscribe: (listener: () => void) => {
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
  }
  known.set(query, made)
  return made
}

/** Whether a media query holds, `(min-width: 1100px)`. */
export function useMedia(query: string) {
  const { subscribe, matches } = mediaOf(query)
  return useSyncExternalStore(subscribe, matches)
}

/** Below this width a page has one column, and its acts lie in the lower half. */
export const usePhone = () => useMedia('(max-width: 767.98px)')

/** Below this height a composer would leave a conversation no room: one writes on a page of its own, as on a phone. */
export const useLow = () => useMedia('(max-height: 599.98px)')
