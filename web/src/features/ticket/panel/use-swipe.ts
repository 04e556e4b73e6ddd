import { type RefObject, useEffect, useRef } from 'react'
import { towardsEnd } from '@/lib/direction'

// Swipes from the edge belong to the browser.
const EDGE = 24
const SHARE = 0.4

const scrollsSideways = (target: EventTarget | null) => {
  for (let each = target instanceof Element ? target : null; each; each = each.parentElement)
    if (each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX)) return true
  return false
}

/**
 * Swiping a page to the side, back to the beginning of the line or on to its end: it follows the finger, and beyond 40 %
 * of its width the act is done. The same acts have buttons, for those who cannot swipe.
 */
export function useSwipe(
  page: RefObject<HTMLElement | null>,
  acts: { toStart?: (() => void) | undefined; toEnd?: (() => void) | undefined },
) {
  const latest = useRef(acts)
  latest.current = acts
  useEffect(() => {
    const element = page.current
    if (!element) return
    let start: { x: number; y: number } | undefined
    let sideways = false
    const move = (dx: number) => {
      element.style.transform = dx ? `translateX(${dx}px)` : ''
    }
    const begin = (event: TouchEvent) => {
      const touch = event.touches[0]
      sideways = false
      start = undefined
      if (!touch || event.touches.length > 1 || touch.clientX < EDGE || touch.clientX > innerWidth - EDGE) return
      const typing =
        event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable=true]')
      if (typing || scrollsSideways(event.target)) return
      start = { x: touch.clientX, y: touch.clientY }
    }
    const follow = (event: TouchEvent) => {
      const touch = event.touches[0]
      if (!start || !touch) return
      const [dx, dy] = [touch.clientX - start.x, touch.clientY - start.y]
      if (!sideways && Math.abs(dy) > 12) start = undefined
      else if (sideways || Math.abs(dx) > 12) {
        const act = dx * towardsEnd() < 0 ? latest.current.toStart : latest.current.toEnd
        sideways = true
        move(act ? dx : dx / 6)
      }
    }
    const end = (event: TouchEvent) => {
      const touch = event.changedTouches[0]
      move(0)
      if (!start || !sideways || !touch) return
      const dx = touch.clientX - start.x
      if (Math.abs(dx) < element.clientWidth * SHARE) return
      if (dx * towardsEnd() < 0) latest.current.toStart?.()
      else latest.current.toEnd?.()
    }
    const cancel = () => {
      start = undefined
      move(0)
    }
    element.addEventListener('touchstart', begin, { passive: true })
    element.addEventListener('touchmove', follow, { passive: true })
    element.addEventListener('touchend', end)
    element.addEventListener('touchcancel', cancel)
    return () => {
      element.removeEventListener('touchstart', begin)
      element.removeEventListener('touchmove', follow)
      element.removeEventListener('touchend', end)
      element.removeEventListener('touchcancel', cancel)
    }
  }, [page])
}
