/** Parts of the program that are loaded when they are first needed. */
import { type ComponentProps, type ComponentType, createElement, lazy, useRef } from 'react'

const RETRY_MS = 2000

/** A part that cannot be read now, as without a line, is read once it can be; until then its place stays empty. */
async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load()
    } catch {
      await new Promise<void>((resolve) => {
        const go = () => {
          clearTimeout(timer)
          window.removeEventListener('online', go)
          resolve()
        }
        const timer = setTimeout(go, RETRY_MS)
        window.addEventListener('online', go)
      })
    }
  }
}

/** `const Editor = lazyPart(() => import('./editor'))`, with `Editor.preload()` for when it will be needed soon. */
// biome-ignore lint/suspicious/noExplicitAny: as lazy() itself has it
export function lazyPart<C extends ComponentType<any>>(load: () => Promise<{ default: C }>) {
  let loading: Promise<{ default: C }> | undefined
  let loaded: C | undefined
  const preload = () => {
    loading ??= patiently(load).then((part) => {
      loaded = part.default
      return part
    })
    return loading
  }
  const Later = lazy(preload)
  const Part = (props: ComponentProps<C>) => {
    // What is there already is drawn at once: lazy() itself would leave its place empty for a moment.
    // biome-ignore lint/suspicious/noExplicitAny: as lazy() itself has it
    const drawn = useRef<ComponentType<any>>(loaded ?? Later)
    return createElement(drawn.current, props)
  }
  return Object.assign(Part, { preload, isLoaded: () => loaded !== undefined })
}
