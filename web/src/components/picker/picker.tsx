import { Popover } from '@base-ui/react/popover'
import { type ReactElement, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Option } from './options'
import { PickerList } from './picker-list'

interface Props {
  /** What is chosen here: names the box and the list. */
  label: string
  /** The button that opens it. */
  trigger: ReactElement
  options: Option[]
  onPick: (option: Option) => void
  /** Opened by the keyboard as well. */
  open?: boolean | undefined
  onOpenChange?: ((open: boolean) => void) | undefined
  /** Stays open, to choose several. */
  several?: boolean
  /** For options that come from the API: called with what is typed; without it the options given are filtered. */
  onTyped?: ((text: string) => void) | undefined
  loading?: boolean
  /** The options could not be read; what tries again. */
  onRetry?: (() => void) | undefined
  /** Offers to make what is typed; answers what it would be called, or nothing. */
  onCreate?: ((name: string) => void) | undefined
  asName?: (typed: string) => string
  /** Below the list. */
  footer?: React.ReactNode
}

/** A button that opens a list to choose from, found by typing. */
export function Picker({ label, trigger, open, onOpenChange, ...list }: Props) {
  const box = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const [own, setOwn] = useState(false)
  const shown = open ?? own
  const change = (next: boolean) => {
    setOwn(next)
    onOpenChange?.(next)
  }
  return (
    <Popover.Root open={shown} onOpenChange={change}>
      <Popover.Trigger ref={button} render={trigger} />
      {shown && (
        <Popover.Portal>
          <Popover.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-50 outline-none">
            <Popover.Popup
              aria-label={label}
              initialFocus={box}
              className="flex max-h-[min(360px,var(--available-height))] w-64 max-w-[calc(100vw-16px)] flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-pop outline-none"
            >
              <PickerList
                {...list}
                label={label}
                box={box}
                onDone={() => {
                  // At once, so that the next key is already one of the page.
                  flushSync(() => change(false))
                  button.current?.focus()
                }}
              />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      )}
    </Popover.Root>
  )
}
