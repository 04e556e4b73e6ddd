/** How this browser shows queues: the height of rows, and whether the preview is open. */
import { useSyncExternalStore } from 'react'

export const DENSITIES = { dense: 32, normal: 40, roomy: 48 } as const

export type Density = keyof typeof DENSITIES

interface Display {
  density: Density
  preview: boolean
}

const listeners = new Set<() => void>()

function stored(): Display {
  const density = localStorage.getItem('queue.density') ?? ''
  return {
    density: Object.hasOwn(DENSITIES, density) ? (density as Density) : 'normal',
    preview: localStorage.getItem('preview') === 'open',
  }
}

let display = stored()

export function setDisplay(change: Partial<Display>) {
  display = { ...display, ...change }
  localStorage.setItem('queue.density', display.density)
  localStorage.setItem('preview', display.preview ? 'open' : 'closed')
  for (const listener of listeners) listener()
}

export const useDisplay = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => display,
  )
