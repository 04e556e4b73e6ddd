/**
 * What lies at the lower edge of a phone's page and is tapped there: bars, sheets, what stands over a list. Notices rise
 * above it, so that no button waits until a notice has gone.
 */
const elements = new Set<HTMLElement>()

function measure() {
  let room = 0
  for (const element of elements) {
    const height = element.offsetHeight
    // A sheet on its way in is measured where it comes to rest.
    const top = Math.min(element.getBoundingClientRect().top, window.innerHeight - height)
    if (height) room = Math.max(room, window.innerHeight - top)
  }
  document.documentElement.style.setProperty('--kept-clear', `${room}px`)
}

const sizes = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(measure)
// Bars push one another up: the page has changed as a whole.
globalThis.window?.addEventListener('resize', measure)

/** As the `ref` of an element. */
export function keepClear(element: HTMLElement | null) {
  if (!element) return
  elements.add(element)
  sizes?.observe(element)
  return () => {
    elements.delete(element)
    sizes?.unobserve(element)
    measure()
  }
}
