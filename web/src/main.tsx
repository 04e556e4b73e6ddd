/** Starts the application in the browser. */
import { DirectionProvider } from '@base-ui/react/direction-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { TicketPage } from '@/app/parts'
import { queryClient } from '@/app/query-client'
import { router } from '@/app/router'
import { Toasts } from '@/app/toasts'
import { keepFilesOut } from '@/lib/keep-files-out'
import { direction } from '@/lib/messages'
import '@/app/theme.css'

// After a new release the parts of the old one are gone: the page is loaded anew, once, and drafts are kept. Not while
// the server is away: a page that cannot be loaded is worse than a part that is missing.
window.addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('reloaded') ?? 0)
  if (Date.now() - last < 10_000) return
  fetch('/readyz').then(
    ({ ok }) => {
      if (!ok) return
      sessionStorage.setItem('reloaded', String(Date.now()))
      location.reload()
    },
    () => {},
  )
})

keepFilesOut()

// Drawn whole at first: React keeps a placeholder for a while once it has shown it.
const PATIENCE_MS = 1000

const start = () => {
  const root = document.getElementById('root')
  if (!root) return
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <DirectionProvider direction={direction}>
          <RouterProvider router={router} />
          <Toasts />
        </DirectionProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}

if (location.pathname.startsWith('/tickets/'))
  void Promise.race([TicketPage.preload(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]).then(start)
else start()
