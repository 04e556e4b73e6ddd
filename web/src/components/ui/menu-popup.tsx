import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Kbd, keySign } from './kbd'
import type { PopupProps } from './lazy-popup'

export interface MenuItem {
  key: string
  label: string
  icon?: ReactNode
  chosen?: boolean
  /** The shortcut that does the same. */
  keys?: string
  run: () => void
}

export interface MenuProps extends PopupProps {
  label: string
  items: MenuItem[]
}

export function MenuPopup({ trigger, label, items, open, onOpenChange }: MenuProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        {/* It lies outside of the page's own regions, and may be longer than the window. */}
        <Base.Positioner sideOffset={4} role="region" aria-label={label} className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            tabIndex={0}
            className="max-h-[min(420px,var(--available-height))] max-w-[calc(100vw-16px)] min-w-44 overflow-auto rounded-lg border border-line bg-raised p-1 shadow-lg outline-none"
          >
            {items.map((item) => (
              <Base.Item
                key={item.key}
                onClick={item.run}
                className="flex min-h-7 items-center gap-2 rounded px-2 outline-none data-highlighted:bg-hover max-md:min-h-11"
              >
                {item.icon}
                <span dir="auto" className="flex-1 text-start">
                  {item.label}
                </span>
                {item.keys && (
                  <span className="ms-3 flex gap-1 max-md:hidden" aria-hidden>
                    {item.keys.split(' ').map((key) => (
                      <Kbd key={key}>{keySign(key)}</Kbd>
                    ))}
                  </span>
                )}
                {item.chosen && <Check size={14} className="shrink-0 text-accent" />}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
