/**
 * After each navigation the focus goes to the heading of the page, and its name is said. What is typed meanwhile waits
 * for the page.
 */
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { announce } from '@/components/ui/announcer'
import { onPageNamed } from '@/desk/page'
import { closePane } from '@/desk/pane'
import { giveKeys, keepKeys } from '@/lib/typed-ahead'

/** A page that has no name by then will not get one by this navigation. */
const PATIENCE_MS = 5000

const focusHeading = () => {
  const main = document.getElementById('main')
  const now = document.activeElement
  // A page that has taken the focus itself, as the editor of a reply does, keeps it; so does an open dialog.
  if (!main || (now !== main && main.contains(now)) || now?.closest('[role=dialog]')) return
  const heading = main.querySelector('h1')
  if (heading) heading.tabIndex = -1
  ;(heading ?? main).focus({ preventScroll: true })
}

export function useArrival() {
  const router = useRouter()
  useEffect(() => {
    let since = 0
    const unsubscribe = router.subscribe('onBeforeNavigate', ({ fromLocation, toLocation, hrefChanged }) => {
      if (!hrefChanged || !fromLocation) return
      // Typing into the filter of a list stays on the page.
      if (fromLocation.pathname === toLocation.pathname && document.activeElement?.closest('input, textarea')) return
      since = Date.now()
      closePane()
      if (fromLocation.pathname !== toLocation.pathname) keepKeys()
    })
    const stop = onPageNamed((title) => {
      const arrived = Date.now() - since <= PATIENCE_MS
      since = 0
      if (arrived) announce(title)
      // After the page has taken the focus, if it does, and has its commands.
      requestAnimationFrame(() => {
        if (arrived) focusHeading()
        giveKeys()
      })
    })
    return () => {
      unsubscribe()
      stop()
    }
  }, [router])
}
