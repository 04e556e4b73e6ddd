import { useQueryClient } from '@tanstack/react-query'
import { CloudOff, Copy, X } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { discardAct, lineIsBack, resumeActs, useActs } from '@/desk/acts'
import { ApiProblem } from '@/lib/api/client'
import { useLiveState } from '@/realtime/live-store'
import { t } from './messages'

const online = (listener: () => void) => {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}

/** A drop that mends itself within this time is not worth a word. */
const GRACE_MS = 1000

/** Whether the line has been down for a moment; the browser's own word is taken at once. */
function useOffline() {
  const { connected } = useLiveState()
  const onLine = useSyncExternalStore(online, () => navigator.onLine)
  const [down, setDown] = useState(false)
  const client = useQueryClient()
  useEffect(() => {
    if (connected) {
      setDown(false)
      return
    }
    const timer = setTimeout(() => setDown(true), GRACE_MS)
    return () => clearTimeout(timer)
  }, [connected])
  const up = connected && onLine
  useEffect(() => {
    if (!up) return
    lineIsBack()
    // What could not be read is read now, wherever it is on screen; what was refused would be refused again.
    const failed = (error: unknown) => error !== null && !(error instanceof ApiProblem && error.status < 500)
    void client.refetchQueries({ type: 'active', predicate: ({ state }) => failed(state.error) })
  }, [up, client])
  return !onLine || down
}

/** Says on every page that the line is down, and which acts wait for it, each with a way out. */
export function ConnectionBar() {
  const offline = useOffline()
  const waiting = useActs().filter(({ state }) => state !== 'sending')
  // A short drop is mended before anybody needs to know; an act that waits is told at once.
  const shown = offline || waiting.some(({ state }) => state === 'waiting')
  return (
    <div role="status" aria-label={t.label} className="shrink-0">
      {shown && (
        <div className="flex max-h-40 flex-wrap items-center gap-x-3 gap-y-1 overflow-auto border-b border-note-line bg-note px-4 py-1.5">
          <CloudOff size={15} className="shrink-0 text-note-ink" aria-hidden />
          <span className="min-w-0 flex-1 basis-52">
            <strong className="font-semibold">{offline ? t.offline : t.away}</strong>{' '}
            <span className="text-dim">{waiting.length ? t.waiting(waiting.length) : t.kept}</span>
          </span>
          {waiting.length > 0 && (
            <Button variant="chip" onClick={resumeActs}>
              {t.retry}
            </Button>
          )}
          {waiting.length > 0 && (
            <ul aria-label={t.list} className="basis-full space-y-0.5">
              {waiting.map(({ id, text, words }) => (
                <li key={id} className="flex items-center gap-2 ps-7">
                  <span dir="auto" className="min-w-0 flex-1 truncate">
                    {text}
                  </span>
                  {words && (
                    <button
                      type="button"
                      className="grid size-6 shrink-0 place-items-center rounded hover:bg-hover"
                      aria-label={t.copy(text)}
                      title={t.copyText}
                      onClick={() =>
                        navigator.clipboard.writeText(words).then(
                          () => toast(t.copied),
                          () => toast.error(t.notCopied, { description: words }),
                        )
                      }
                    >
                      <Copy size={14} />
                    </button>
                  )}
                  <button
                    type="button"
                    className="grid size-6 shrink-0 place-items-center rounded hover:bg-hover"
                    aria-label={t.discard(text)}
                    title={t.discardIt}
                    onClick={() => discardAct(id)}
                  >
                    <X size={14} />
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  )
}
