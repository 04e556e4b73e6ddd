import { useSyncExternalStore } from 'react'

const query = globalThis.matchMedia?.('(max-width: 767.98px)')

/** Whether the page is as narrow as a phone. */
export const usePhone = () =>
  useSyncExternalStore(
    (listener) => {
      query?.addEventListener('change', listener)
      return () => query?.removeEventListener('change', listener)
    },
    () => query?.matches ?? false,
  )
