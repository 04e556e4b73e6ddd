/**
 * The browser's Back closes what has come over the page, one overlay at a time, and leaves the page where it is. Each
 * open overlay has an entry in the history, with the address of its page and a number in its state. The router never
 * learns of these entries: going back from one, or forward to one, stays within the page.
 */
import { useEffect, useEffectEvent } from 'react'

/** As the router has it, with what is added here. */
interface State {
  __TSR_key?: string
  /** The key with which the page came: its overlays have it too, and it keeps it when its address is replaced. */
  page?: string | undefined
  /** How many overlays are open here. */
  overlays?: number
}

type Change = History['pushState']

const browser = globalThis.window?.history
const push = browser?.pushState.bind(browser) as Change
const replace = browser?.replaceState.bind(browser) as Change

const stateNow = () => browser.state as State | null
const overlaysIn = (state: State | null) => state?.overlays ?? 0

const open: { close: () => void }[] = []

/** The page that is shown, as it stands in the history. */
let page: { state: State | null; href: string }

const remember = () => {
  page = { state: stateNow(), href: location.href }
}

// Browsers go back in their own time; one that cannot go back says nothing.
const PATIENCE_MS = 1000

/** Entries of closed overlays are being left; what is to be written to the history waits. */
let leaving: ReturnType<typeof setTimeout> | undefined
const waiting: (() => void)[] = []

function hasLeft() {
  clearTimeout(leaving)
  leaving = undefined
  for (const change of waiting.splice(0)) change()
  settleSoon()
}

/** A page that an overlay leads to takes the overlay's entry: Back from it goes to the page before. */
const pushPage: Change = (state: State | null, unused, url) => {
  if (leaving) return void waiting.push(() => pushPage(state, unused, url))
  const change = overlaysIn(stateNow()) ? replace : push
  change(state && { ...state, page: state.__TSR_key, overlays: 0 }, unused, url)
  remember()
  // What is still open lies over the new page.
  settleSoon()
}

const replacePage: Change = (state: State | null, unused, url) => {
  if (leaving) return void waiting.push(() => replacePage(state, unused, url))
  const now = stateNow()
  replace(state && { ...state, page: now?.page ?? state.__TSR_key, overlays: overlaysIn(now) }, unused, url)
  remember()
}

let due = false

/** After all that one act opens, closes and goes to: a dialog in place of another needs no new entry. */
function settleSoon() {
  if (!due) setTimeout(settle)
  due = true
}

function settle() {
  due = false
  if (leaving) return
  const there = overlaysIn(stateNow())
  if (there > open.length) {
    leaving = setTimeout(hasLeft, PATIENCE_MS)
    browser.go(open.length - there)
  }
  for (let overlays = there + 1; overlays <= open.length; overlays++) push({ ...stateNow(), overlays }, '')
}

function onPop(event: PopStateEvent) {
  const state = event.state as State | null
  if (state?.page !== undefined && state.page === page.state?.page) {
    event.stopImmediatePropagation()
    // Its address was replaced while an overlay was open.
    if (state.__TSR_key !== page.state.__TSR_key) replace({ ...page.state, overlays: overlaysIn(state) }, '', page.href)
  } else remember()
  // Going back from entries of closed overlays closes nothing: what has opened meanwhile gets an entry of its own.
  if (!leaving) for (const { close } of open.slice(overlaysIn(state)).reverse()) close()
  hasLeft()
}

if (browser) {
  remember()
  browser.pushState = pushPage
  browser.replaceState = replacePage
  // Before the router.
  window.addEventListener('popstate', onPop, { capture: true })
  // The page was loaded anew, and nothing is open any more.
  settleSoon()
}

/** While `isOpen`, Back calls `close`. */
export function useBackCloses(isOpen: boolean, close: () => void) {
  const closeNow = useEffectEvent(close)
  useEffect(() => {
    if (!isOpen) return
    const overlay = { close: () => closeNow() }
    open.push(overlay)
    settleSoon()
    return () => {
      open.splice(open.indexOf(overlay), 1)
      settleSoon()
    }
  }, [isOpen])
}
