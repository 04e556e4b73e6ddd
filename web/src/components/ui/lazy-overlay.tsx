import { type ComponentType, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { holdKeys } from '@/lib/typed-ahead'

/** An overlay that is loaded when it is first opened; what is typed until then goes to its field. */
export function LazyOverlay<P extends { open: boolean }>({ part: Part, ...rest }: { part: ComponentType<P> } & P) {
  const props = rest as unknown as P
  const { open } = props
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
      <Part {...props} />
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
export function Loaded({ then }: { then: () => void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(then, [])
  return null
}
