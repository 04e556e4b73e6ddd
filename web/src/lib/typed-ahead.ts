/** Keys that are pressed before the field they are meant for is there. */

const isField = (element: Element | null): element is HTMLElement =>
  element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA)$/.test(element.tagName))

const isInMenu = (element: Element | null) => Boolean(element?.closest('[role=menu]'))

const isInDialog = (element: Element | null) => Boolean(element?.closest('[role=dialog]'))

// An overlay gives the focus to its field within a frame or two; where it has none, to a button.
const FEW_FRAMES = 3
const MOST_FRAMES = 8

/**
 * Keeps what is typed from now on, so that it does not run as shortcuts. The answer ends that and types it into the
 * field that has the focus by then, or gives it to the menu that has. `first` comes before all that.
 */
export function holdKeys(first?: string): () => void {
  const held = first ? [first] : []
  const keep = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopImmediatePropagation()
    held.push(event.key)
  }
  window.addEventListener('keydown', keep, true)
  let ended = false
  const end = (frames: number) => {
    const taker = document.activeElement
    const there = isField(taker) || isInMenu(taker) || (frames >= FEW_FRAMES && isInDialog(taker))
    if (!there && frames < MOST_FRAMES) return void requestAnimationFrame(() => end(frames + 1))
    window.removeEventListener('keydown', keep, true)
    if (!there) return
    for (const key of held) {
      if (key.length === 1 && isField(taker)) document.execCommand('insertText', false, key)
      else if (key === 'Enter' && taker instanceof HTMLButtonElement) taker.click()
      // A menu moves the focus with each key.
      else document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }
  }
  return () => {
    if (ended) return
    ended = true
    end(0)
  }
}
