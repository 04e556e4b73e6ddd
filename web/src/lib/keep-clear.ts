/**
 * Where notices lie: in the middle of the column that is worked in, above whatever is pressed at its foot. Both say so
 * of themselves, by a `ref`; the style sheet places the notices by what is measured here.
 */
const places: HTMLElement[] = []
const controls = new Set<HTMLElement>()
let box: HTMLElement | null = null
const GAP = 12
const HALF = 190
/** As high as most are. */
const NOTICE = 64

function measure() {
  if (!box) return
  const innermost = places.find((each) => !places.some((other) => other !== each && each.contains(other)))
  const place = (innermost ?? document.body).getBoundingClientRect()
  const middle = place.left + place.width / 2
  const tops = [...controls].flatMap((control) => {
    const { top, left, right, height } = control.getBoundingClientRect()
    // A sheet on its way in is measured where it comes to rest.
    return height && right > middle - HALF && left < middle + HALF ? Math.min(top, innerHeight - height) : []
  })
  // Of the notices' own box: on the whole page, each change would have every element's style made anew.
  box.style.setProperty('--notice-middle', `${Math.round(middle)}px`)
  const bottom = innerHeight - Math.min(place.bottom, ...tops) + GAP
  // Above a dialog of the whole page there is no room: a notice that cannot be seen is worse.
  box.style.setProperty('--notice-bottom', `${Math.round(Math.min(bottom, innerHeight - NOTICE))}px`)
}

let frame = 0
/** Once the page has been laid out anew: now that would have to be done for it. */
function measureSoon() {
  cancelAnimationFrame(frame)
  frame = requestAnimationFrame(measure)
}

// Bars push one another up: the page has changed as a whole.
globalThis.window?.addEventListener('resize', measureSoon)
const observer = globalThis.ResizeObserver && new ResizeObserver(measure)

function watch(element: HTMLElement, forget: () => void) {
  observer?.observe(element)
  return () => {
    forget()
    observer?.unobserve(element)
    measureSoon()
  }
}

/** A `ref` of the box that the notices are in. */
export function noticeBox(element: HTMLElement | null) {
  box = element
  measureSoon()
}

/** A `ref` of the column in which somebody works; the innermost counts. */
export function noticePlace(element: HTMLElement | null) {
  if (!element) return
  places.push(element)
  return watch(element, () => void places.splice(places.indexOf(element), 1))
}

/** A `ref` of what no notice may cover. */
export function keepClear(element: HTMLElement | null) {
  if (!element) return
  controls.add(element)
  return watch(element, () => void controls.delete(element))
}
