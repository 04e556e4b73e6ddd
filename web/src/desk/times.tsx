/** Dates and times in the zone and the language of the signed-in agent. */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import { localeOf } from '@/lib/locale'
import { language } from '@/lib/messages'
import { t } from './messages'

/** Formatters of ISO timestamps. */
export interface Times {
  /** The zone they are in; undefined for the browser's own. */
  zone: string | undefined
  /** The region whose forms they have. */
  locale: string
  /** 21 Nov, 07:17 */
  exact: (iso: string) => string
  /** 21 Nov 2026, 07:17: a value, which may lie in another year */
  moment: (iso: string) => string
  /** 21 Nov 2026, of a day such as 2026-11-21, which is the same in every zone */
  date: (day: string) => string
  /** 07:17 */
  clock: (iso: string) => string
  /** Sat 21 November 2026 at 07:17 CET */
  full: (iso: string) => string
  /** Today, Yesterday or 19 November 2026 */
  day: (iso: string) => string
}

const supported = (zone: string | undefined) => {
  try {
    return zone && new Intl.DateTimeFormat('en', { timeZone: zone }) ? zone : undefined
  } catch {
    // PostgreSQL knows more zones than some browsers.
    return undefined
  }
}

export function timesIn(zone?: string, locale?: string, now: () => number = Date.now): Times {
  const timeZone = supported(zone)
  const region = localeOf(locale) ?? language
  // Days before months and 24 hours, unless a region says otherwise.
  const known = region === 'en' ? 'en-GB' : region
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(known, {
      ...(timeZone ? { timeZone } : {}),
      ...options,
    })
    return (iso: string | number) => formatter.format(new Date(iso))
  }
  const date = format({ day: 'numeric', month: 'long', year: 'numeric' })
  const shortDay = format({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  return {
    zone: timeZone,
    locale: known,
    exact: format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
    moment: format({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }),
    date: (iso) => shortDay(`${iso.slice(0, 10)}T00:00:00Z`),
    clock: format({ hour: '2-digit', minute: '2-digit' }),
    full: format({ dateStyle: 'full', timeStyle: 'long' }),
    day: (iso) => {
      const name = date(iso)
      if (name === date(now())) return t.today
      return name === date(now() - 86_400_000) ? t.yesterday : name
    },
  }
}

const Context = createContext<Times>(timesIn())

export const useTimes = () => useContext(Context)

const cache = new Map<string, Times>()

export function TimesProvider({
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

let currentTime = Date.now()
const clockListeners = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined

/** The time now, by one timer for all components that show how long ago something was. */
export const useNow = () =>
  useSyncExternalStore(
    (listener) => {
      clockListeners.add(listener)
      ticking ??= setInterval(() => {
        currentTime = Date.now()
        for (const each of clockListeners) each()
      }, 30_000)
      return () => {
        clockListeners.delete(listener)
        if (clockListeners.size) return
        clearInterval(ticking)
        ticking = undefined
      }
    },
    () => currentTime,
  )
