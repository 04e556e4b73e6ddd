import { useEffect, useState } from 'react'
import { t } from './messages'

/** How many seconds remain until a point in time. */
export function useSecondsTo(due: number) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((due - now) / 1000))
}

/** For a notice, which is read out once and not each second. */
export function Countdown({ due }: { due: number }) {
  const seconds = useSecondsTo(due)
  return (
    <>
      <span aria-hidden>{t.held.in(seconds)}</span>
      <span className="sr-only">{t.held.soon}</span>
    </>
  )
}
