/** The light or the dark theme, kept in this browser. index.html sets it before the first paint. */
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const current = () => document.documentElement.dataset.theme ?? 'light'

export function toggleTheme() {
  const next = current() === 'dark' ? 'light' : 'dark'
  document.documentElement.dataset.theme = next
  localStorage.setItem('theme', next)
  for (const listener of listeners) listener()
}

export const useTheme = () =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, current)
