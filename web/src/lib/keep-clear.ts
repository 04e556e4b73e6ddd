/**
 * Where notices lie: in the middle of the column that is worked in, above whatever is pressed at its foot. Both say so
 * of themselves, by a `ref`; the style sheet places the notices by what is measured here.
 */
const places: HTMLElement[] = []
const controls = new Set<HTMLElement>()
const GAP = 12
const HALF = 190

function measure() {
  const innermost = places.find((each) => !places.some((other) => other !== each && each.contains(other)))
  const place = (innermost ?? document.body).getBoundingClientRect()
  const middle = place.left + place.width / 2
  const tops = [...controls].flatMap((control) => {
    const { top, left, right, height } = control.getBoundingClientRect()
    // A sheet on its way in is measured where it comes to rest.
    return height && right > middle - HALF && left < middle + HALF ? Math.min(top, innerHeight - height) : []
  })
  const { style } = document.documentElement
  style.setProperty('--notice-middle', `${Math.round(middle)}px`)
  style.setProperty('--notice-bottom', `${Math.round(innerHeight - Math.min(place.bottom, ...tops) + GAP)}px`)
}

// Bars push one another up: the page has changed as a whole.
globalThis.window?.addEventListener('resize', measure)
const observer = globalThis.ResizeObserver && new ResizeObserver(measure)

function watch(element: HTMLElement, forget: () => void) {
  observer?.observe(element)
  return () => {
    forget()
    observer?.unobserve(element)
    measure()
  }
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
