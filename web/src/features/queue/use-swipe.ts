/** A row that is drawn aside by a finger: beyond 40 % it acts, less far leaves its buttons open. */
import { type TouchEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { towardsEnd } from '@/lib/direction'

export type Side = 'start' | 'end'

const ACTS_AT = 0.4
const OPENS_AT = 48
/** How far the buttons of each side keep a row aside, in pixels. */
export const OPEN_WIDTH: Record<Side, number> = { start: 96, end: 176 }

/** Closes the row that is left open: only one is. */
let closeOpen: (() => void) | undefined

// After so many one knows how.
const LEARNT = 2
const KEY = 'queue.swiped'
const learners = new Set<() => void>()

export function learnSwipe(swipes = Number(localStorage.getItem(KEY) ?? 0) + 1) {
  localStorage.setItem(KEY, String(swipes))
  for (const listener of learners) listener()
}
export const knowSwipe = () => learnSwipe(LEARNT)
export const useKnowsSwipe = () =>
  useSyncExternalStore(
    (listener) => {
      learners.add(listener)
      return () => {
        learners.delete(listener)
      }
    },
    () => Number(localStorage.getItem(KEY) ?? 0) >= LEARNT,
  )

/**
 * `start` is the side that a swipe towards the end of the line uncovers: the left one where one reads from the left. The
 * offset counts towards the end too.
 */
export function useSwipe(act: (side: Side) => void) {
  const [offset, draw] = useState(0)
  // As the finger has it: several moves may come between two drawings.
  const now = useRef(0)
  const setOffset = (next: number) => {
    now.current = next
    draw(next)
  }
  const from = useRef<{ x: number; y: number; offset: number; aside: boolean | undefined } | undefined>(undefined)
  const close: () => void = useRef(() => {
    now.current = 0
    draw(0)
    if (closeOpen === close) closeOpen = undefined
  }).current
  useEffect(() => close, [close])
  const closedAnother = useRef(false)
  return {
    offset,
    dragging: from.current?.aside === true,
    close,
    /** Whether the tap that ends now was for closing the row that was open. */
    tookTap: () => {
      const took = now.current !== 0 || closedAnother.current
      closedAnother.current = false
      return took
    },
    handlers: {
      onTouchStart: (event: TouchEvent) => {
        const touch = event.touches[0]
        closedAnother.current = closeOpen !== undefined && closeOpen !== close
        if (closedAnother.current) closeOpen?.()
        if (touch) from.current = { x: touch.clientX, y: touch.clientY, offset: now.current, aside: undefined }
      },
      onTouchMove: (event: TouchEvent) => {
        const touch = event.touches[0]
        const start = from.current
        if (!touch || !start) return
        const x = (touch.clientX - start.x) * towardsEnd()
        const y = touch.clientY - start.y
        // The first pixels tell a swipe from a scroll.
        if (start.aside === undefined && Math.hypot(x, y) > 8) start.aside = Math.abs(x) > Math.abs(y)
        if (start.aside) setOffset(start.offset + x)
      },
      onTouchEnd: (event: TouchEvent<HTMLElement>) => {
        const swiped = from.current?.aside
        from.current = undefined
        if (!swiped) return
        event.preventDefault()
        const width = event.currentTarget.clientWidth
        const drawn = now.current
        const side: Side = drawn > 0 ? 'start' : 'end'
        const acts = Math.abs(drawn) > width * ACTS_AT
        const opens = !acts && Math.abs(drawn) > OPENS_AT
        setOffset(opens ? Math.sign(drawn) * OPEN_WIDTH[side] : 0)
        closeOpen = opens ? close : undefined
        if (acts) act(side)
      },
      onTouchCancel: () => {
        from.current = undefined
        setOffset(0)
      },
    },
  }
}
