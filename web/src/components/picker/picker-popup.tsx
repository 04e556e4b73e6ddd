import { Popover } from '@base-ui/react/popover'
import clsx from 'clsx'
import { useRef } from 'react'
import { flushSync } from 'react-dom'
import type { PopupProps } from '@/components/ui/lazy-popup'
import type { Option } from './options'
import { PickerList } from './picker-list'
import type { Read } from './reads'

export interface PickerProps extends PopupProps {
  /** What is chosen here: names the box and the list. */
  label: string
  options: Option[]
  onPick: (option: Option) => void
  /** For labels with long hints. */
  wide?: boolean
  /** Stays open, to choose several. */
  several?: boolean
  /** For options that come from the API: called with what is typed; without it the options given are filtered. */
  onTyped?: ((text: string) => void) | undefined
  /** What the options are read by: while that is under way, or has failed, the list says so. */
  reads?: Read[]
  /** The same, for whoever knows it better. */
  loading?: boolean
  /** The options could not be read; what tries again. */
  onRetry?: (() => void) | undefined
  /** Offers to make what is typed; answers what it would be called, or nothing. */
  onCreate?: ((name: string) => void) | undefined
  asName?: (typed: string) => string
  /** Below the list. */
  footer?: React.ReactNode
}

export function PickerPopup({ label, wide = false, trigger, open, onOpenChange, ...list }: PickerProps) {
  const box = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const picked = useRef(false)
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        picked.current = false
        onOpenChange(next)
      }}
    >
      <Popover.Trigger ref={button} render={trigger} />
      {open && (
        <Popover.Portal>
          <Popover.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-50 outline-none">
            <Popover.Popup
              aria-label={label}
              initialFocus={box}
              finalFocus={() => !picked.current}
              className={clsx(
                'flex max-h-[min(360px,var(--available-height))] max-w-[calc(100vw-16px)] flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-pop outline-none',
                wide ? 'w-88' : 'w-64',
              )}
            >
              <PickerList
                {...list}
                label={label}
                box={box}
                onDone={() => {
                  picked.current = true
                  // At once, so that the next key is already one of the page.
                  flushSync(() => onOpenChange(false))
                  // A choice that has opened something else has given it the keyboard.
                  if (document.activeElement === document.body) button.current?.focus()
                }}
              />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      )}
    </Popover.Root>
  )
}
