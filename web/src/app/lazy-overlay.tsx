import { type ComponentType, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { holdKeys } from '@/lib/typed-ahead'

interface OverlayProps {
  open: boolean
  onClose: () => void
}

/** An overlay that is loaded when it is first opened; what is typed until then goes to its field. */
export function LazyOverlay({ part: Part, open, onClose }: OverlayProps & { part: ComponentType<OverlayProps> }) {
  const [opened, setOpened] = useState(open)
  const release = useRef<() => void>(undefined)
  const there = useRef(false)
  if (open && !opened) setOpened(true)
  useLayoutEffect(() => {
    if (!open || there.current) return
    release.current = holdKeys()
    return () => release.current?.()
  }, [open])
  if (!opened) return null
  return (
    <Suspense fallback={null}>
      <Part open={open} onClose={onClose} />
      <Loaded
        then={() => {
          there.current = true
          release.current?.()
        }}
      />
    </Suspense>
  )
}

/** Drawn together with what is loaded beside it. */
function Loaded({ then }: { then: () => void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(then, [])
  return null
}
