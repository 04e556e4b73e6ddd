/**
 * The colours of the interface, kept in this browser: light, dark or as the system has them, and more contrast.
 * index.html sets both before the first paint.
 */
import { useSyncExternalStore } from 'react'

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]

const listeners = new Set<() => void>()
const systemDark = matchMedia('(prefers-color-scheme: dark)')
const systemContrast = matchMedia('(prefers-contrast: more)')

const chosenTheme = (): Theme => THEMES.find((each) => each === localStorage.getItem('theme')) ?? 'system'

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

function apply() {
  const chosen = chosenTheme()
  const html = document.documentElement
  html.dataset.theme = chosen === 'system' ? (systemDark.matches ? 'dark' : 'light') : chosen
  if (localStorage.getItem('contrast') === 'more' || systemContrast.matches) html.dataset.contrast = 'more'
  else delete html.dataset.contrast
  for (const listener of listeners) listener()
}

systemDark.addEventListener('change', apply)
systemContrast.addEventListener('change', apply)
// Another tab has chosen.
window.addEventListener('storage', ({ key }) => (key === 'theme' || key === 'contrast') && apply())

apply()

export function chooseTheme(theme: Theme) {
  localStorage.setItem('theme', theme)
  apply()
}

export function chooseContrast(more: boolean) {
  localStorage.setItem('contrast', more ? 'more' : 'system')
  apply()
}

export const toggleTheme = () => chooseTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark')

/** What is shown. */
export const useTheme = () =>
  useSyncExternalStore(subscribe, () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'))

/** What was chosen. */
export const useChosenTheme = () => useSyncExternalStore(subscribe, chosenTheme)

export const useMoreContrast = () => useSyncExternalStore(subscribe, () => localStorage.getItem('contrast') === 'more')
