import clsx from 'clsx'
import { Lock } from 'lucide-react'
import { Fragment, useEffect, useRef } from 'react'
import { Avatar } from '@/components/ui/avatar'
import type { ConversationItem } from '@/desk/tickets'
import { useTimes } from '@/desk/times'
import { describeEvent } from './describe-event'
import { MessageHtml } from './message-html'

/** Messages and changes in the order in which they happened, day by day. */
export function Timeline({ items, requester }: { items: ConversationItem[] | undefined; requester: number }) {
  const end = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const { day } = useTimes()
  const count = items?.length ?? 0
  // Scrolls to new items, except for somebody who reads further up.
  useEffect(() => {
    if (count && atEnd.current) end.current?.scrollIntoView({ block: 'end' })
  }, [count])
  const shown = items?.filter((item) => item.kind === 'message' || describeEvent(item)) ?? []
  return (
    <section
      aria-label="Conversation"
      aria-busy={!items}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto px-5 py-4"
      onScroll={({ currentTarget: box }) => {
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80
      }}
    >
      {!items && <TimelineSkeleton />}
      <ol className="mx-auto max-w-[740px] space-y-4">
        {shown.map((item, at) => {
          const before = shown[at - 1]
          const name = day(item.at)
          return (
            <Fragment key={`${item.kind}${item.id}`}>
              {(!before || day(before.at) !== name) && <Day name={name} />}
              {item.kind === 'message' ? (
                <Message item={item} mine={item.author?.id !== requester} />
              ) : (
                <Change item={item} />
              )}
            </Fragment>
          )
        })}
      </ol>
      <div ref={end} />
    </section>
  )
}

const Day = ({ name }: { name: string }) => (
  <li className="flex items-center gap-3 text-[12px] text-dim">
    <span className="h-px flex-1 bg-line" />
    {name}
    <span className="h-px flex-1 bg-line" />
  </li>
)

function At({ iso, className }: { iso: string; className?: string }) {
  const { clock, full } = useTimes()
  return (
    <time dateTime={iso} title={full(iso)} className={className}>
      {clock(iso)}
    </time>
  )
}

function Message({ item, mine }: { item: Extract<ConversationItem, { kind: 'message' }>; mine: boolean }) {
  const note = item.message_kind === 'note'
  return (
    <li className="flex gap-3">
      <Avatar name={item.author?.name ?? 'System'} size={28} />
      <article
        aria-label={`${note ? 'Internal note' : 'Message'} from ${item.author?.name ?? 'the system'}`}
        className={clsx(
          'min-w-0 flex-1',
          (note || mine) && 'rounded-lg border px-3.5 py-2.5',
          note ? 'border-note-line bg-note' : mine && 'border-line bg-agent',
        )}
      >
        <header className="mb-0.5 flex items-center gap-2">
          <strong className="font-semibold">{item.author?.name ?? 'System'}</strong>
          {note && (
            <span className="flex items-center gap-1 text-[12px] text-note-ink">
              <Lock size={11} aria-hidden /> Internal note
            </span>
          )}
          <At iso={item.at} className="ml-auto text-[12px] text-dim" />
        </header>
        {item.body_html ? (
          <MessageHtml html={item.body_html} />
        ) : (
          <div className="message whitespace-pre-wrap">{item.body_text}</div>
        )}
      </article>
    </li>
  )
}

const Change = ({ item }: { item: Extract<ConversationItem, { kind: 'event' }> }) => (
  <li className="flex items-center gap-3 text-[12px] text-dim">
    <span className="ml-[11px] size-1.5 shrink-0 rounded-full bg-line" />
    <span>
      {describeEvent(item)} · <At iso={item.at} />
    </span>
  </li>
)

const TimelineSkeleton = () => (
  <div className="mx-auto max-w-[740px] space-y-5" aria-hidden>
    {['w-3/4', 'w-full', 'w-1/2'].map((width) => (
      <div key={width} className="flex gap-3">
        <span className="size-7 shrink-0 animate-pulse rounded-full bg-hover" />
        <span className="flex-1 space-y-2 pt-1">
          <span className="block h-3 w-32 animate-pulse rounded bg-hover" />
          <span className={clsx('block h-12 animate-pulse rounded-lg bg-hover', width)} />
        </span>
      </div>
    ))}
  </div>
)
