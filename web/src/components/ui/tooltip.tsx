import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { Kbd } from './kbd'

/** What a button without words does, and its key; on hovering and on focus. The button keeps its own aria-label. */
export function Tooltip({ text, keys, children }: { text: string; keys?: string; children: ReactElement }) {
  return (
    <Base.Root>
      <Base.Trigger delay={400} render={children} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="z-[60]">
          <Base.Popup className="flex items-center gap-2 rounded-md bg-raised px-2 py-1 text-[12px] leading-4 shadow-pop">
            {text}
            {keys && (
              <span className="flex gap-0.5" aria-hidden>
                {keys.split(' ').map((key) => (
                  <Kbd key={key}>{key.length === 1 ? key.toUpperCase() : key}</Kbd>
                ))}
              </span>
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
