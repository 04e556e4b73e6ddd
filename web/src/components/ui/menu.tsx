import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

interface MenuItem {
  key: string
  label: string
  icon?: ReactNode
  chosen?: boolean
  run: () => void
}

/** A button that opens a list of choices. */
export function Menu({
  trigger,
  label,
  items,
  open,
  onOpenChange,
}: {
  trigger: ReactElement
  label: string
  items: MenuItem[]
  open?: boolean
  onOpenChange?: (open: boolean) => void
}) {
  return (
    <Base.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            className="max-h-80 min-w-44 overflow-auto rounded-lg border border-line bg-raised p-1 shadow-lg outline-none"
          >
            {items.map((item) => (
              <Base.Item
                key={item.key}
                onClick={item.run}
                className="flex h-7 items-center gap-2 rounded px-2 outline-none data-highlighted:bg-hover"
              >
                {item.icon}
                <span className="flex-1">{item.label}</span>
                {item.chosen && <Check size={14} className="text-accent" />}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
