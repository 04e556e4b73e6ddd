/** Keys that are pressed before the field they are meant for is there. */

const isField = (element: Element | null): element is HTMLElement =>
  element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA)$/.test(element.tagName))

// An overlay gives the focus to its field within a frame or two.
const MOST_FRAMES = 8

/**
 * Keeps what is typed from now on, so that it does not run as shortcuts. The answer ends that and types it into the
 * field that has the focus by then.
 */
export function holdKeys(): () => void {
  const held: KeyboardEvent[] = []
  const keep = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopImmediatePropagation()
    held.push(event)
  }
  window.addEventListener('keydown', keep, true)
  let ended = false
  const end = (frames: number) => {
    const field = document.activeElement
    if (!isField(field) && frames < MOST_FRAMES) return void requestAnimationFrame(() => end(frames + 1))
    window.removeEventListener('keydown', keep, true)
    if (!isField(field)) return
    for (const { key } of held) {
      if (key.length === 1) document.execCommand('insertText', false, key)
      else field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }
  }
  return () => {
    if (ended) return
    ended = true
    end(0)
  }
}
