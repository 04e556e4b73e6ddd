import { useQuery } from '@tanstack/react-query'
import { Outlet, useRouter } from '@tanstack/react-router'
import { Suspense, useEffect, useState } from 'react'
import { Announcer } from '@/components/ui/announcer'
import { LazyOverlay } from '@/components/ui/lazy-overlay'
import { SKIP_LINK } from '@/components/ui/skip-link'
import { handleKey } from '@/desk/commands'
import { useLeftMessages } from '@/desk/left-messages'
import { useLiveUpdates } from '@/desk/live-updates'
import { meQuery } from '@/desk/me'
import { unreadQuery } from '@/desk/notifications'
import { useUnreadInTitle } from '@/desk/page'
import { HasPane } from '@/desk/pane'
import { useRecordConflict } from '@/desk/record-conflicts'
import { useResumedActs } from '@/desk/resumed-acts'
import { TimesProvider } from '@/desk/times'
import { useUndoKey } from '@/desk/undo-key'
import { ConnectionBar } from '@/features/connection/connection-bar'
import { useBrowserNotices } from '@/features/notifications/use-browser-notices'
import { onSessionEnd } from '@/lib/api/client'
import { noticePlace } from '@/lib/keep-clear'
import { BottomBar } from './bottom-bar'
import { Hints } from './hints'
import { t } from './messages'
import { Pane, usePaneOfRoute } from './pane'
import { CreateTicket, NotificationPanel, Palette, preloadParts, RecordConflictBar, Shortcuts } from './parts'
import { Rail } from './rail'
import { type Overlay, useShellCommands } from './shell-commands'
import { useArrival } from './use-arrival'
import { whenRead } from './when-read'

/** What surrounds every page: the rail, the pane, the overlays, the keyboard and the live connection. */
export function Shell() {
  const router = useRouter()
  const { data: me } = useQuery(meQuery)
  const { data: unread } = useQuery(unreadQuery)
  const forMe = unread?.me ?? 0
  const conflict = useRecordConflict()
  const [panel, setPanel] = useState(false)
  const [overlay, setOverlay] = useState<Overlay>(null)
  const [paneHidden, setPaneHidden] = useState(localStorage.getItem('pane') === 'hidden')
  const hasPane = usePaneOfRoute() !== undefined
  const close = () => setOverlay(null)
  useLiveUpdates()
  useResumedActs()
  useLeftMessages()
  useArrival()
  useUndoKey()
  useUnreadInTitle(forMe)
  useBrowserNotices()
  useEffect(() => whenRead(preloadParts), [])
  useEffect(() => {
    const palette = (event: KeyboardEvent) => {
      const mod = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
      if (!mod || event.key.toLowerCase() !== 'k') return
      // In place of the browser's own; not while somebody writes a message.
      event.preventDefault()
      if (event.target instanceof HTMLElement && event.target.isContentEditable) return
      setOverlay((now) => (now === 'palette' ? null : 'palette'))
    }
    window.addEventListener('keydown', handleKey)
    window.addEventListener('keydown', palette)
    return () => {
      window.removeEventListener('keydown', handleKey)
      window.removeEventListener('keydown', palette)
    }
  }, [])
  // After a session has run out: log in, then come back to this page.
  useEffect(
    () => onSessionEnd(() => router.navigate({ to: '/log-in', search: { from: router.state.location.href } })),
    [router],
  )
  const bell = () => setPanel((now) => !now)
  const closePanel = (returnFocus: boolean) => {
    setPanel(false)
    if (returnFocus) document.querySelector<HTMLElement>('[data-bell]:not([hidden])')?.focus()
  }
  useShellCommands({
    show: setOverlay,
    bell,
    togglePane: () => {
      localStorage.setItem('pane', paneHidden ? 'shown' : 'hidden')
      setPaneHidden(!paneHidden)
    },
  })

  return (
    <TimesProvider zone={me?.time_zone} locale={me?.locale}>
      <HasPane value={hasPane}>
        <a href="#main" className={SKIP_LINK}>
          {t.skip}
        </a>
        <div className="flex h-full flex-col md:flex-row">
          <Rail unread={forMe} bell={panel} onBell={bell} />
          {panel && (
            <Suspense>
              <NotificationPanel onClose={closePanel} />
            </Suspense>
          )}
          <Pane hidden={paneHidden} />
          <main
            ref={noticePlace}
            id="main"
            tabIndex={-1}
            className="relative flex min-h-0 min-w-0 flex-1 flex-col bg-canvas outline-none"
          >
            <ConnectionBar />
            {conflict && (
              <Suspense>
                <RecordConflictBar />
              </Suspense>
            )}
            <Outlet />
            <Hints />
          </main>
          <BottomBar unread={forMe} bell={panel} onBell={bell} onCreate={() => setOverlay('create')} />
          <LazyOverlay part={CreateTicket} open={overlay === 'create'} onClose={close} />
          <LazyOverlay part={Shortcuts} open={overlay === 'help'} onClose={close} />
          <LazyOverlay part={Palette} open={overlay === 'palette'} onClose={close} />
        </div>
        <Announcer />
      </HasPane>
    </TimesProvider>
  )
}
