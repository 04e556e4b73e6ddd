import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'

/** How times read at this desk: in the zone and language of who is signed in. */
export interface Times {
  /** 21 Nov, 07:17 */
  exact: (iso: string) => string
  /** 07:17 */
  clock: (iso: string) => string
  /** Sat 21 November 2026 at 07:17 CET */
  full: (iso: string) => string
  /** Today, Yesterday or 19 November 2026 */
  day: (iso: string) => string
}

const usable = (zone: string | undefined) => {
  try {
    return zone && new Intl.DateTimeFormat('en', { timeZone: zone }) ? zone : undefined
  } catch {
    // A zone that PostgreSQL knows and this browser does not.
    return undefined
  }
}

export function timesIn(zone?: string, locale?: string, now: () => number = Date.now): Times {
  const timeZone = usable(zone)
  const format = (options: Intl.DateTimeFormatOptions) => {
    // Days before months and 24 hours, unless a region says otherwise.
    const formatter = new Intl.DateTimeFormat(!locale || locale === 'en' ? 'en-GB' : locale, {
      ...options,
      ...(timeZone ? { timeZone } : {}),
    })
    return (iso: string | number) => formatter.format(new Date(iso))
  }
  const date = format({ day: 'numeric', month: 'long', year: 'numeric' })
  return {
    exact: format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
    clock: format({ hour: '2-digit', minute: '2-digit' }),
    full: format({ dateStyle: 'full', timeStyle: 'long' }),
    day: (iso) => {
      const name = date(iso)
      if (name === date(now())) return 'Today'
      return name === date(now() - 86_400_000) ? 'Yesterday' : name
    },
  }
}

const Context = createContext<Times>(timesIn())

export const useTimes = () => useContext(Context)

const cache = new Map<string, Times>()

export function TimesIn({
  zone,
  locale,
  children,
}: {
  zone: string | undefined
  locale: string | undefined
  children: ReactNode
}) {
  const key = `${zone} ${locale}`
  const times = cache.get(key) ?? timesIn(zone, locale)
  cache.set(key, times)
  return <Context value={times}>{children}</Context>
}

let minute = Date.now()
const waiting = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined

/** The time, renewed twice a minute for everybody together. */
export const useNow = () =>
  useSyncExternalStore(
    (listener) => {
      waiting.add(listener)
      ticking ??= setInterval(() => {
        minute = Date.now()
        for (const each of waiting) each()
      }, 30_000)
      return () => {
        waiting.delete(listener)
        if (waiting.size) return
        clearInterval(ticking)
        ticking = undefined
      }
    },
    () => minute,
  )
