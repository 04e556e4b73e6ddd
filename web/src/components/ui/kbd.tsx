import type { ReactNode } from 'react'
import { t } from '@/components/messages'

/** A key, or several of them, as the keyboards of the reader's language call them: `Ctrl K` is `Strg K`. */
export const keyName = (keys: string) =>
  keys.replace(/[A-Za-z]{2,}/g, (key) => (t.keys as Record<string, string>)[key] ?? key)

const NAMES: Record<string, string> = { Enter: '↵', Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓' }

/** A key as keyboards show it: a large letter is one with Shift. */
export function keySign(key: string) {
  if (key.length !== 1) return NAMES[key] ?? key
  return key === key.toLowerCase() ? key.toUpperCase() : `⇧${key}`
}

/** A key of the keyboard. */
export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="inline-grid h-[18px] min-w-[18px] place-items-center rounded border border-line bg-raised px-1 font-sans text-[11px] leading-none whitespace-nowrap text-dim">
    {typeof children === 'string' ? keyName(children) : children}
  </kbd>
)
