import { Suspense, useEffect, useSyncExternalStore } from 'react'
import { areToastsWanted, onToastsWanted, wantToasts } from '@/components/ui/toast'
import { lazyPart } from '@/lib/lazy-part'
import { whenRead } from './when-read'

const Notices = lazyPart(() => import('./toaster').then((part) => ({ default: part.Notices })))

/** Notices, once there are any, or once the page is read: not before, they would be in its way. */
export function Toasts() {
  const wanted = useSyncExternalStore(onToastsWanted, areToastsWanted)
  useEffect(() => whenRead(wantToasts), [])
  return (
    wanted && (
      <Suspense>
        <Notices />
      </Suspense>
    )
  )
}
