import { Autocomplete } from '@base-ui/react/autocomplete'
import { type ComponentProps, type ReactNode, useState } from 'react'

/** A box in which one of many is found by a part of its name and chosen. */
export function Finder<T extends { id: number; name: string }>({
  label,
  placeholder,
  items,
  onFind,
  onChoose,
  render,
  autoFocus = false,
  inline = false,
  typed,
  box,
}: {
  label: string
  placeholder?: string
  /** What was found for the text given to `onFind` last. */
  items: T[]
  onFind?: (text: string) => void
  onChoose: (item: T) => void
  render: (item: T) => ReactNode
  autoFocus?: boolean
  /** The list stands below the box instead of above the page. */
  inline?: boolean
  /** What stands in the box, for whoever keeps it; `onType` is told each of its letters. */
  typed?: { text: string; onType: (text: string) => void }
  /** Of the box, where a form says more of it than its name. */
  box?: ComponentProps<typeof Autocomplete.Input>
}) {
  const [own, setOwn] = useState('')
  const list = (
    <Autocomplete.List aria-label={label} className="max-h-64 overflow-y-auto outline-none">
      {(item: T) => (
        <Autocomplete.Item
          key={item.id}
          value={item}
          onClick={() => onChoose(item)}
          render={(props, { highlighted }) => <div {...props} role="option" aria-selected={highlighted} />}
          className="flex min-h-9 items-center gap-2.5 rounded px-2 py-1 data-highlighted:bg-chosen max-md:min-h-11"
        >
          {render(item)}
        </Autocomplete.Item>
      )}
    </Autocomplete.List>
  )
  return (
    <Autocomplete.Root
      {...(inline ? { inline: true, open: true } : {})}
      autoHighlight="always"
      filter={null}
      items={items}
      itemToStringValue={(item: T) => item.name}
      value={typed?.text ?? own}
      onValueChange={(value, { reason }) => {
        if (reason !== 'input-change') return
        setOwn(value)
        typed?.onType(value)
        onFind?.(value.trim())
      }}
    >
      <Autocomplete.Input
        autoFocus={autoFocus}
        aria-label={label}
        placeholder={placeholder ?? label}
        dir="auto"
        className="h-8 w-full rounded-md border border-line bg-canvas px-2.5 placeholder:text-dim focus:border-accent max-md:h-11 max-md:text-[16px]"
        {...box}
      />
      {inline ? (
        <div className="mt-2">{items.length > 0 && list}</div>
      ) : (
        <Autocomplete.Portal>
          {/* It lies outside of the page's own regions. */}
          <Autocomplete.Positioner
            sideOffset={4}
            role="region"
            aria-label={label}
            className="z-[60] w-(--anchor-width) min-w-60 outline-none"
          >
            <Autocomplete.Popup className="rounded-lg border border-line bg-raised p-1 shadow-lg">
              {list}
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      )}
    </Autocomplete.Root>
  )
}
