import { Play, SkipForward, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { isTyping, useCommands } from '@/desk/commands'
import { onDone, stopPlaying, usePlaying } from '@/desk/playing'
import { useQueueNeighbours } from '@/desk/queue-position'
import { keepClear } from '@/lib/keep-clear'
import { usePhone } from '@/lib/use-media'
import { t } from './messages'

/** Whether somebody is in the middle of a text on the page: nothing takes it from under their hands. */
function isWriting() {
  const field = document.activeElement
  // A dialog, such as the one that asks for what solving requires, has just been answered.
  if (!isTyping(field) || !(field instanceof HTMLElement) || field.closest('[role=dialog]')) return false
  return Boolean('value' in field ? field.value : field.textContent?.trim())
}

/** While a queue is played: where one stands in it, and how to go on or to stop. */
export function PlayBar({ id }: { id: number }) {
  const playing = usePlaying()
  const phone = usePhone()
  const { neighbours, advance } = useQueueNeighbours(id)
  const [done, setDone] = useState(false)
  const next = async () => {
    if (await advance()) return
    stopPlaying()
    toast(t.playing.end)
  }
  const go = useRef(next)
  go.current = next
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const leave = onDone((ticket) => {
      if (ticket !== id) return
      // After what was sent has left its field.
      timer = setTimeout(() => (isWriting() ? setDone(true) : void go.current()))
    })
    return () => {
      clearTimeout(timer)
      leave()
    }
  }, [id])
  useCommands(
    playing
      ? [
          { keys: ']', label: t.playing.skip, group: 'Actions', icon: <SkipForward size={16} />, run: next },
          { keys: 'P', label: t.playing.stop, group: 'Actions', icon: <X size={16} />, run: stopPlaying },
        ]
      : [],
  )
  if (!playing) return null
  return (
    <section
      // On a phone it lies at the bottom.
      ref={phone ? keepClear : undefined}
      aria-label={t.playing.label}
      className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-accent-soft px-4 text-accent max-md:order-last max-md:h-14 max-md:border-t max-md:border-b-0"
    >
      <Play size={13} fill="currentColor" aria-hidden className="shrink-0" />
      <span className="min-w-0 truncate font-medium">
        <span className={neighbours && 'max-md:sr-only'}>
          {t.playing.label}
          {neighbours && ' · '}
        </span>
        {neighbours && t.playing.place(neighbours.place, neighbours.total, neighbours.more)}
        <span role="status">{done && ` · ${t.playing.done}`}</span>
      </span>
      <span className="ms-auto flex">
        <Button className="max-md:h-11" title="]" onClick={next}>
          <SkipForward size={14} aria-hidden className="rtl:scale-x-[-1]" /> {done ? t.playing.next : t.playing.skip}
        </Button>
        <Button className="max-md:h-11" onClick={stopPlaying}>
          <X size={14} aria-hidden /> {t.playing.stop}
        </Button>
      </span>
    </section>
  )
}
