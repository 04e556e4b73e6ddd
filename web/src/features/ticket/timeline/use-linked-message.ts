/** Goes to the message that the address names: `#message-31`. */
import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { TimelineItem } from '@/desk/timeline'

const linked = (hash: string) => /^message-(\d{1,18})$/.exec(hash)?.[1]

interface Options {
  items: TimelineItem[] | undefined
  hasEarlier: boolean
  loading: boolean
  loadEarlier: () => void
  /** Before it is shown. */
  onJump: () => void
}

/** Answers whether the message is not on this ticket. */
export function useLinkedMessage({ items, hasEarlier, loading, loadEarlier, onJump }: Options) {
  // A new key for each navigation: a second click on the same link goes there again.
  const visit = useLocation({ select: ({ hash, state }) => `${hash} ${state.__TSR_key ?? ''}` })
  const id = linked(visit.split(' ')[0] ?? '')
  const done = useRef('')
  const [missing, setMissing] = useState(false)
  useEffect(() => {
    if (!id || !items || done.current === visit) return
    const element = document.getElementById(`message-${id}`)
    if (element) {
      done.current = visit
      setMissing(false)
      onJump()
      element.scrollIntoView({ block: 'center' })
      const article = element.querySelector<HTMLElement>('article')
      if (article) {
        article.tabIndex = -1
        article.focus({ preventScroll: true })
      }
      element.animate([{ backgroundColor: 'var(--accent-soft)' }, { backgroundColor: 'transparent' }], 2500)
    } else if (hasEarlier) {
      if (!loading) loadEarlier()
    } else if (!loading) {
      done.current = visit
      setMissing(true)
    }
  }, [id, items, visit, hasEarlier, loading, loadEarlier, onJump])
  return missing
}
