import { useSyncExternalStore } from 'react'

const listen = (listener: () => void) => {
  const view = window.visualViewport
  view?.addEventListener('resize', listener)
  view?.addEventListener('scroll', listener)
  return () => {
    view?.removeEventListener('resize', listener)
    view?.removeEventListener('scroll', listener)
  }
}

/** What a phone shows of the page above its keyboard, in pixels: top and height. */
export function useVisualViewport() {
  const top = useSyncExternalStore(listen, () => Math.round(window.visualViewport?.offsetTop ?? 0))
  const height = useSyncExternalStore(listen, () => Math.round(window.visualViewport?.height ?? window.innerHeight))
  return { top, height }
}
