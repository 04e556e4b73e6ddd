import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { Kbd, keySign } from './kbd'
import type { PopupProps } from './lazy-popup'

export interface MenuItem {
  key: string
  label: string
  icon?: ReactNode
  /** The heading above it and those beside it that have the same. */
  section?: string
  chosen?: boolean
  /** It cannot be done, as its label says. */
  disabled?: boolean
  /** The shortcut that does the same. */
  keys?: string
  run: () => void
}

export interface MenuProps extends PopupProps {
  label: string
  items: MenuItem[]
}

export function MenuPopup({ trigger, label, items, open, onOpenChange }: MenuProps) {
  // Where one has an icon, the names of all begin below each other.
  const icons = items.some(({ icon }) => icon !== undefined)
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        {/* It lies outside of the page's own regions, and may be longer than the window. */}
        <Base.Positioner sideOffset={4} role="region" aria-label={label} className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            tabIndex={0}
            className="max-h-(--available-height) max-w-[calc(100vw-16px)] min-w-44 overflow-auto rounded-lg border border-line bg-raised p-1 shadow-lg outline-none"
          >
            {sectionsOf(items).map(({ name, items }, at) =>
              name === undefined ? (
                items.map((item) => <Item key={item.key} item={item} icons={icons} />)
              ) : (
                <Fragment key={name}>
                  {at > 0 && <Base.Separator className="-mx-1 my-1 h-px bg-line" />}
                  <Base.Group>
                    <Base.GroupLabel className="px-2 pt-1 pb-0.5 text-[12px] font-medium text-dim">
                      {name}
                    </Base.GroupLabel>
                    {items.map((item) => (
                      <Item key={item.key} item={item} icons={icons} />
                    ))}
                  </Base.Group>
                </Fragment>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** Items that follow one another under one heading. */
function sectionsOf(items: MenuItem[]) {
  const sections: { name: string | undefined; items: MenuItem[] }[] = []
  for (const item of items) {
    const last = sections.at(-1)
    if (last && last.name === item.section) last.items.push(item)
    else sections.push({ name: item.section, items: [item] })
  }
  return sections
}

const Item = ({ item, icons }: { item: MenuItem; icons: boolean }) => (
  <Base.Item
    disabled={item.disabled ?? false}
    onClick={item.run}
    className="flex min-h-7 items-center gap-2 rounded px-2 outline-none data-disabled:text-dim data-highlighted:bg-hover max-md:min-h-11"
  >
    {icons && <span className="grid size-4 shrink-0 place-items-center">{item.icon}</span>}
    <span dir="auto" className="flex-1">
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
)
