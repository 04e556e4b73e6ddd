import type { Virtualizer } from '@tanstack/react-virtual'
import { whenIdle } from '@/lib/when-idle'

/** How many rows are drawn beyond either edge of those in sight. */
export const BEYOND = 12

/** So far, in pixels, a list is scrolled without a row that would be missing: less than the rows drawn beyond it. */
const AHEAD = 160

/**
 * Tells a list how far it is scrolled, and so which rows to draw. A step as the cursor makes it shows rows that are
 * drawn already: those that come behind them wait until the browser is idle, and hold up no frame.
 */
export function observeScroll(
  { scrollElement: box, scrollOffset }: Virtualizer<HTMLDivElement, Element>,
  tell: (offset: number, scrolling: boolean) => void,
) {
  if (!box) return
  let told = scrollOffset ?? 0
  let cancel = () => {}
  const now = () => {
    cancel()
    told = box.scrollTop
    tell(told, false)
  }
  const scrolled = () => {
    cancel()
    if (Math.abs(box.scrollTop - told) > AHEAD) now()
    else cancel = whenIdle(now, 200)
  }
  box.addEventListener('scroll', scrolled, { passive: true })
  return () => {
    cancel()
    box.removeEventListener('scroll', scrolled)
  }
}
