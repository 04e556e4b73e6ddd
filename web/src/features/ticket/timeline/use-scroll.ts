/** How a conversation scrolls: it opens at its end, follows what comes while one reads there, and stays elsewhere. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

const NEAR = 80

/** `first`: the oldest item on screen. */
export function useScroll(
  box: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  first: string | undefined,
) {
  const atEnd = useRef(true)
  const before = useRef({ first, height: 0 })
  // What comes above must not move what is read.
  useLayoutEffect(() => {
    const scroller = box.current
    if (!scroller) return
    if (before.current.first && before.current.first !== first && !atEnd.current)
      scroller.scrollTop += scroller.scrollHeight - before.current.height
    before.current = { first, height: scroller.scrollHeight }
  })
  useEffect(() => {
    const [scroller, content] = [box.current, list.current]
    if (!scroller || !content) return
    const follow = () => {
      before.current.height = scroller.scrollHeight
      if (atEnd.current) scroller.scrollTop = scroller.scrollHeight
    }
    follow()
    // Also of pictures that come later, and of a composer that grows.
    const observer = new ResizeObserver(follow)
    observer.observe(content)
    observer.observe(scroller)
    return () => observer.disconnect()
  }, [box, list])
  return {
    /** Somebody has scrolled, or something has for them. */
    onScroll: () => {
      const scroller = box.current
      if (scroller) atEnd.current = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR
    },
    /** From here on the end is not followed. */
    leaveEnd: () => {
      atEnd.current = false
    },
  }
}
