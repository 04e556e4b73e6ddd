/** The browser's own notices, for what is about oneself while the desk is out of sight; asked for by a button only. */
import { useSyncExternalStore } from 'react'

const STORED = 'browser-notices'
const listeners = new Set<() => void>()

export type Notices = 'on' | 'no' | 'unasked' | 'refused' | 'unknown'

const current = (): Notices => {
  if (!('Notification' in globalThis)) return 'unknown'
  if (Notification.permission === 'denied') return 'refused'
  const chosen = localStorage.getItem(STORED)
  if (chosen === 'on' && Notification.permission === 'granted') return 'on'
  return chosen === 'no' ? 'no' : 'unasked'
}

const tell = () => {
  for (const listener of listeners) listener()
}

export const useNotices = () =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, current)

export async function chooseNotices(on: boolean) {
  localStorage.setItem(STORED, on ? 'on' : 'no')
  if (on) await Notification.requestPermission()
  tell()
}

/** Silent while the desk is in front. The tag keeps several tabs from saying the same. */
export function showNotice({ id, title, body, open }: { id: number; title: string; body: string; open: () => void }) {
  if (current() !== 'on' || document.visibilityState === 'visible') return
  const notice = new Notification(title, { body, tag: `autocrm-${id}` })
  notice.onclick = () => {
    window.focus()
    open()
    notice.close()
  }
}
