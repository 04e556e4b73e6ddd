import {
  type ComponentType,
  cloneElement,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  Suspense,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { useBackCloses } from '@/lib/overlays'
import { holdKeys } from '@/lib/typed-ahead'
import { usePhone } from '@/lib/use-media'
import { Loaded } from './lazy-overlay'

export interface PopupProps {
  /** The button that opens it. */
  trigger: ReactElement
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** As much of `PopupProps` as whoever shows a popup has to say. */
export type Popup<P extends PopupProps> = Omit<P, 'open' | 'onOpenChange'> & {
  /** For whoever opens it by the keyboard as well. */
  open?: boolean | undefined
  onOpenChange?: ((open: boolean) => void) | undefined
}

interface TriggerProps {
  onClick?: (event: MouseEvent) => void
  onKeyDown?: (event: KeyboardEvent) => void
}

/**
 * A button with a popup that is loaded when it is first opened; what is typed until then goes to its field. Until then
 * it is a mere button: a page has dozens of them, and what places a popup and keeps the keyboard in it costs more than
 * all the rest of them.
 */
export function LazyPopup<P extends PopupProps>({
  part: Part,
  kind,
  props,
}: {
  part: ComponentType<P>
  kind: 'menu' | 'dialog'
  props: Popup<P>
}) {
  const { trigger } = props
  const [own, setOwn] = useState(false)
  const open = props.open ?? own
  const [opened, setOpened] = useState(open)
  const release = useRef<() => void>(undefined)
  /** The key that opened a menu, which takes it for the way to its first choice. */
  const byKey = useRef<string>(undefined)
  const there = useRef(false)
  if (open && !opened) setOpened(true)
  useLayoutEffect(() => {
    if (!open || there.current) return
    release.current = holdKeys(byKey.current)
    return () => release.current?.()
  }, [open])
  const change = (next: boolean) => {
    setOwn(next)
    props.onOpenChange?.(next)
  }
  const { onClick, onKeyDown } = trigger.props as TriggerProps
  const button = cloneElement(trigger as ReactElement<TriggerProps & Record<`aria-${string}`, unknown>>, {
    'aria-haspopup': kind,
    'aria-expanded': open,
    onClick: (event) => {
      onClick?.(event)
      if (kind === 'menu' && event.detail === 0) byKey.current = 'ArrowDown'
      change(!open)
    },
    onKeyDown: (event) => {
      onKeyDown?.(event)
      if (kind !== 'menu' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
      event.preventDefault()
      byKey.current = event.key
      change(true)
    },
  })
  if (!opened) return button
  return (
    <Suspense fallback={button}>
      <Part {...(props as unknown as P)} open={open} onOpenChange={change} />
      {open && <ClosedByBack close={() => change(false)} />}
      <Loaded
        then={() => {
          there.current = true
          release.current?.()
        }}
      />
    </Suspense>
  )
}

/** On a phone, where Back is the way out of whatever has come over the page. */
function ClosedByBack({ close }: { close: () => void }) {
  useBackCloses(usePhone(), close)
  return null
}
