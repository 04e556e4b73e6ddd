import { whenIdle } from '@/lib/when-idle'
import { queryClient } from './query-client'

const LOOK_MS = 100
/** Something may be read again and again, or wait for a line. */
const LATEST_MS = 5000

/** Runs something once what the page shows has been read and drawn, and the browser has nothing better to do. */
export function whenRead(run: () => void): () => void {
  const latest = Date.now() + LATEST_MS
  let stop = () => {}
  let timer: ReturnType<typeof setTimeout>
  const look = () => {
    timer = setTimeout(() => {
      stop = whenIdle(() => (queryClient.isFetching() && Date.now() < latest ? look() : run()))
    }, LOOK_MS)
  }
  look()
  return () => {
    clearTimeout(timer)
    stop()
  }
}
