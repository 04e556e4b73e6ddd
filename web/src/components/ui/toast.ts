/** Notices. What draws them is loaded when nothing else is to be done, or for the first of them. */
import type { toast as draw, ExternalToast } from 'sonner'

type Drawer = typeof draw
type Text = Parameters<Drawer>[0]

let drawer: Drawer | undefined
let wanted = false
const waiting: ((drawer: Drawer) => void)[] = []
const listeners = new Set<() => void>()

function tell(notice: (drawer: Drawer) => void) {
  if (drawer) return notice(drawer)
  waiting.push(notice)
  wantToasts()
}

export const toast = Object.assign((text: Text, options?: ExternalToast) => tell((on) => on(text, options)), {
  success: (text: Text, options?: ExternalToast) => tell((on) => on.success(text, options)),
  // What went wrong stays until it has been read and closed.
  error: (text: Text, options?: ExternalToast) =>
    tell((on) =>
      on.error(text, { duration: Number.POSITIVE_INFINITY, closeButton: true, richColors: true, ...options }),
    ),
  // What has not been drawn yet is drawn and taken away at once.
  dismiss: (id: string) => {
    if (drawer || waiting.length) tell((on) => on.dismiss(id))
  },
})

/** There is something to tell, or soon may be. */
export function wantToasts() {
  wanted = true
  for (const listener of listeners) listener()
}

export const areToastsWanted = () => wanted

export const onToastsWanted = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** From now on notices are drawn. */
export function drawToasts(by: Drawer) {
  drawer = by
  for (const notice of waiting.splice(0)) notice(by)
}
