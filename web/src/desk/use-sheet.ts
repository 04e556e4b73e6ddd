/** Sheets that the browser's Back closes: on a phone it is the way out of whatever has come over the page. */
import { useLocation, useRouter } from '@tanstack/react-router'

declare module '@tanstack/react-router' {
  interface HistoryState {
    sheet?: string
  }
}

/** A sheet is on its way out: browsers go back in their own time. */
let leaving: Promise<void> | undefined

function goBack(back: () => void) {
  leaving = new Promise((resolve) => {
    // After the router has heard it.
    const left = () => setTimeout(resolve)
    window.addEventListener('popstate', left, { once: true })
  })
  void leaving.then(() => {
    leaving = undefined
  })
  back()
}

/** Whether the sheet of this name is open stands in the history, beside the address. One is open at a time. */
export function useSheet(name: string): [boolean, (open: boolean) => void] {
  const router = useRouter()
  const open = useLocation({ select: ({ state }) => state.sheet === name })
  const setOpen = (next: boolean) => {
    if (leaving) {
      if (next) void leaving.then(() => setOpen(true))
      return
    }
    const there = router.history.location.state.sheet
    if (next && there !== name)
      void router.navigate({
        to: '.',
        search: true,
        hash: true,
        state: (state) => ({ ...state, sheet: name }),
        replace: there !== undefined,
        resetScroll: false,
      })
    else if (!next && there === name) goBack(() => router.history.back())
  }
  return [open, setOpen]
}
