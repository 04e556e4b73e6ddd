import { useSyncExternalStore } from 'react'

/** Whether a media query holds, `(min-width: 1100px)`. */
export const useMedia = (query: string) =>
  useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )

/** Below this width a page has one column, and its acts lie in the lower half. */
export const usePhone = () => useMedia('(max-width: 767.98px)')
