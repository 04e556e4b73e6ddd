/** Keys that are pressed before the field, or the page, that they are meant for is there. */

const isField = (element: Element | null): element is HTMLElement =>
  element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA)$/.test(element.tagName))

const isInMenu = (element: Element | null) => Boolean(element?.closest('[role=menu]'))

const isInDialog = (element: Element | null) => Boolean(element?.closest('[role=dialog]'))

/** Gives a key to whatever has the focus by now, as the browser would have. */
function press(key: string) {
  const taker = document.activeElement
  if (isField(taker) && key.length === 1) document.execCommand('insertText', false, key)
  else if (isField(taker) && key === 'Backspace') document.execCommand('delete')
  else if (taker instanceof HTMLTextAreaElement && key === 'Enter') document.execCommand('insertText', false, '\n')
  else if (key === 'Enter' && (taker instanceof HTMLButtonElement || taker instanceof HTMLAnchorElement)) taker.click()
  else {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    ;(taker ?? document.body).dispatchEvent(event)
  }
}

// An overlay gives the focus to its field within a frame or two; where it has none, to a button.
const FEW_FRAMES = 3
const MOST_FRAMES = 8

/** What is still to be given of the keys that were held last. */
let giving: string[] = []

/**
 * Keeps what is typed from now on, so that it does not run as shortcuts. The answer ends that and types it into the
 * field that has the focus by then, or gives it to the menu that has. `first` comes before all that.
 */
export function holdKeys(first?: string): () => void {
  // A held key has opened the next overlay: those behind it are for that one.
  const held = [...(first ? [first] : []), ...giving.splice(0)]
  const keep = (event: KeyboardEvent) => {
    // Those that `press` gives are for the page.
    if (event.ctrlKey || event.metaKey || event.altKey || !event.isTrusted) return
    event.preventDefault()
    event.stopImmediatePropagation()
    held.push(event.key)
  }
  window.addEventListener('keydown', keep, true)
  const give = () => {
    const key = held.shift()
    if (key === undefined) return window.removeEventListener('keydown', keep, true)
    press(key)
    // A field takes letters at once. Another key may end it, and what it leads to is there in a frame or two.
    if (key.length === 1 && isField(document.activeElement)) give()
    else requestAnimationFrame(() => requestAnimationFrame(give))
  }
  let ended = false
  const end = (frames: number) => {
    const taker = document.activeElement
    const there = isField(taker) || isInMenu(taker) || (frames >= FEW_FRAMES && isInDialog(taker))
    if (!there && frames < MOST_FRAMES) return void requestAnimationFrame(() => end(frames + 1))
    if (!there) held.length = 0
    giving = held
    give()
  }
  return () => {
    if (ended) return
    ended = true
    end(0)
  }
}

declare global {
  interface Window {
    /** What index.html keeps until this program is there. */
    typedEarly?: { keys: string[]; isKept: (event: KeyboardEvent) => boolean; end: () => void }
  }
}

// Whoever looks at a page for so long and sees nothing of it does not expect their keys to act any more.
const PATIENCE_MS = 10_000

const early = globalThis.window?.typedEarly
/** The keys for the page that is on its way, in their order; nothing while there is none. */
let waiting: string[] | undefined
let coming = false
let beginnings: string[] = []
let patience: ReturnType<typeof setTimeout> | undefined

const onKey = (event: KeyboardEvent) => {
  // Those that `press` gives are for the page.
  if (!waiting || !event.isTrusted || !early?.isKept(event)) return
  // A field takes its own, but none before those that came before.
  if (!waiting.length && isField(event.target as Element)) return
  event.preventDefault()
  event.stopImmediatePropagation()
  waiting.push(event.key)
  beginAtOnce()
}

function forget() {
  waiting = undefined
  coming = false
  clearTimeout(patience)
}

const beginAtOnce = () => waiting?.[0] && beginnings.includes(waiting[0]) && giveKeys()

/** From now on keys are kept for the page that is on its way: neither the page before nor half a page takes them. */
export function keepKeys(typed: string[] = []) {
  waiting ??= typed
  coming = true
  clearTimeout(patience)
  patience = setTimeout(forget, PATIENCE_MS)
}

/** The page is there: it is given what was typed, one key after the other. A key may lead to the next page. */
export function giveKeys() {
  coming = false
  clearTimeout(patience)
  const next = () => {
    if (coming || !waiting) return
    const key = waiting.shift()
    if (key === undefined) return forget()
    press(key)
    // A field takes all of them; what else a key does is there by the next frame.
    if (isField(document.activeElement)) next()
    else requestAnimationFrame(next)
  }
  next()
}

/** The keys that half a page takes already, as a ticket that is still read does those that begin to write. */
export function beginWith(keys: string[]) {
  beginnings = keys
  // Once everybody listens who is drawn together with it.
  const frame = requestAnimationFrame(beginAtOnce)
  return () => {
    cancelAnimationFrame(frame)
    beginnings = []
  }
}

if (early) {
  early.end()
  keepKeys(early.keys)
  window.addEventListener('keydown', onKey, true)
}
