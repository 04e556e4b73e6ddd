import clsx from 'clsx'
import { Clock, TriangleAlert } from 'lucide-react'
import { useEffect } from 'react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { useActs } from '@/desk/acts'
import { useSecondsTo } from '@/desk/countdown'
import { useProblemWords } from '@/desk/problem-words'
import { undoKey, useNewestUndo } from '@/desk/undo'
import { t } from './messages'
import { discard, sendNow, takeBack, tellHeld } from './outbox'
import type { Kind, Outgoing } from './outgoing'

const Countdown = ({ due }: { due: number }) => <>{t.sendingIn(useSecondsTo(due))}</>

const wordsOf = (html: string) => new DOMParser().parseFromString(html, 'text/html').body.textContent ?? ''

/** Messages of this ticket on their way out: take one back, send it at once, or again. */
export function OutboxStrip({
  ticket,
  messages,
  onShow,
  onTaken,
}: {
  ticket: number
  messages: Outgoing[]
  onShow: (message: Outgoing) => void
  /** One was put back into its draft. */
  onTaken: (kind: Kind) => void
}) {
  useEffect(() => () => tellHeld(ticket), [ticket])
  const words = useProblemWords()
  // The key is for the newest act: another one may have been made since.
  const newest = useNewestUndo()
  // What is sent after an act that waits for the line waits with it.
  const waits = useActs().some(({ lane, state }) => lane === `ticket-${ticket}` && state === 'waiting')
  if (!messages.length) return null
  return (
    <ul aria-label={t.outbox} className="mx-auto mb-1.5 max-w-[760px] space-y-1.5">
      {messages.map((message) => {
        const failed = message.state === 'failed'
        return (
          <li
            key={message.key}
            className={clsx(
              'flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg border px-3 py-1',
              failed ? 'border-danger bg-danger-soft' : 'border-line bg-panel',
            )}
          >
            {failed ? (
              <TriangleAlert size={14} className="shrink-0 text-danger" aria-hidden />
            ) : (
              <Clock size={14} className="shrink-0 text-dim" aria-hidden />
            )}
            <span className="shrink-0 font-medium" role={failed ? 'alert' : undefined}>
              {failed ? (
                <>
                  {t.notSent}: <span className="font-normal">{words.text(message.problem ?? '')}</span>
                </>
              ) : message.state === 'held' ? (
                <Countdown due={message.due} />
              ) : waits ? (
                t.waitsForLine
              ) : (
                t.sending
              )}
            </span>
            <span dir="auto" className="min-w-24 flex-1 truncate text-dim">
              {wordsOf(message.html)}
            </span>
            {message.state !== 'sending' && (
              <span className="flex gap-1">
                <Button onClick={() => takeBack(message.key) && onTaken(message.kind)}>
                  {failed ? t.edit : t.undo}
                  {!failed && newest?.text === t.replyOn(message.ticket) && (
                    <span className="max-md:hidden" aria-hidden>
                      <Kbd>{undoKey()}</Kbd>
                    </span>
                  )}
                </Button>
                {message.overtakenBy ? (
                  <>
                    <Button variant="chip" onClick={() => onShow(message)}>
                      {t.showAnswer}
                    </Button>
                    <Button variant="chip" onClick={() => sendNow(message.key, { seen: Number.MAX_SAFE_INTEGER })}>
                      {t.sendAnyway}
                    </Button>
                  </>
                ) : (
                  <Button variant="chip" onClick={() => sendNow(message.key)}>
                    {failed ? t.retry : t.sendNow}
                  </Button>
                )}
                {failed && <Button onClick={() => discard(message.key)}>{t.discard}</Button>}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
