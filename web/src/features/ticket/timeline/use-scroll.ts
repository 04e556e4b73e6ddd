/** How a conversation scrolls: it opens at its end, follows what comes while one reads there, and stays elsewhere. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react'

const NEAR = 80

/** What scrolls: the conversation, or on a phone the page around it. */
export function scrollerOf(element: HTMLElement | null): HTMLElement | null {
  for (let at = element; at; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at
  return null
}

/** `first`: the oldest item on screen. */
export function useScroll(
  box: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  first: string | undefined,
) {
  const atEnd = useRef(true)
  /** Where it stood last. */
  const stood = useRef(0)
  const before = useRef({ first, height: 0 })
  // What comes above must not move what is read.
  useLayoutEffect(() => {
    const known = before.current.first
    before.current.first = first
    // Measured only where it matters: each measure here costs a layout of the page.
    if (!known || known === first || atEnd.current) return
    const scroller = scrollerOf(box.current)
    if (!scroller) return
    scroller.scrollTop += scroller.scrollHeight - before.current.height
    before.current.height = scroller.scrollHeight
  }, [box, first])
  useEffect(() => {
    const content = list.current
    if (!content) return
    const follow = () => {
      const scroller = scrollerOf(box.current)
      if (!scroller) return
      before.current.height = scroller.scrollHeight
      if (atEnd.current) scroller.scrollTop = scroller.scrollHeight
      stood.current = scroller.scrollTop
    }
    const onScroll = ({ target }: Event) => {
      const scroller = scrollerOf(box.current)
      if (target !== scroller || !scroller) return
      // Told a frame later, when more may have come below: only who goes up has left the end.
      if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR) atEnd.current = true
      else if (scroller.scrollTop < stood.current) atEnd.current = false
      stood.current = scroller.scrollTop
    }
    // Called at first once the page has been laid out and before it is painted; then for pictures that come later, and
    // for a composer that grows.
    const observer = new ResizeObserver(follow)
    observer.observe(content)
    if (box.current) observer.observe(box.current)
    // The scroll of an element does not bubble.
    document.addEventListener('scroll', onScroll, true)
    return () => {
      observer.disconnect()
      document.removeEventListener('scroll', onScroll, true)
    }
  }, [box, list])
  /** From here on the end is not followed. */
  const leaveEnd = useCallback(() => {
    atEnd.current = false
  }, [])
  return { leaveEnd }
}
