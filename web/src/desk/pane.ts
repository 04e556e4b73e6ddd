/**
 * The pane beside the rail: views of the inbox, facets of a search, lists of customers. A route names its pane
 * (`staticData: { pane: SearchPane }`) and the shell draws it: beside the page from 1024 px on, else as a sheet.
 */
import type { ComponentType } from 'react'
import { createContext, useContext, useSyncExternalStore } from 'react'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    pane?: ComponentType
  }
}

let open = false
const listeners = new Set<() => void>()

function set(next: boolean) {
  open = next
  for (const listener of listeners) listener()
}

export const openPane = () => set(true)
export const closePane = () => set(false)

export const usePaneOpen = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    () => open,
  )

export const HasPane = createContext(false)

/** Whether the page shown has a pane. */
export const useHasPane = () => useContext(HasPane)
